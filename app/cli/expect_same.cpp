#include "app/cli/expect_same.h"

#include <fmt/format.h>

#include "app/cli/known_run.h"
#include "app/cli/printable.h"

namespace aap {

Result<std::vector<RunFact>> expectedFacts(const Recording& recording)
{
    auto facts = parseFacts(recording.expected);
    if (facts && !facts->empty())
        return *std::move(facts);
    return Error{ErrorCode::Invalid, "the recording does not say what its run came to", {},
                 "Name a run, or a recording that 'agent-pipeline export ID --to NAME.recording.json' wrote."};
}

int sameOrNot(const ExpectedRun& run, bool asJson, std::ostream& out, std::ostream& err)
{
    const auto difference = run.difference();
    if (asJson) {
        Json json{{"same", !difference}, {"compared", run.same()}};
        if (difference)
            json["difference"] = {{"what", difference->what}, {"expected", difference->expected}, {"actual", difference->actual}};
        writeLine(out, json);
    } else if (difference) {
        err << fmt::format("It comes out otherwise than recorded, after {} thing(s) that are the same. {}:\n  - {}\n  + {}\n", run.same(), printable(difference->what),
                           cell(difference->expected, 500), cell(difference->actual, 500));
    } else {
        out << fmt::format("The same as recorded: {} results, verdicts and endings.\n", run.same());
    }
    return difference ? 1 : 0;
}

} // namespace aap
