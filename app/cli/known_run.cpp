#include "app/cli/known_run.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/cli/printable.h"

namespace aap {

int refused(const Error& error, std::ostream& err)
{
    err << printable(error.text()) << '\n';
    if (!error.remedy.empty())
        err << printable(error.remedy) << '\n';
    return error.code == ErrorCode::Invalid || error.code == ErrorCode::NotFound ? exitCode(RunEnding::InvalidInput) : exitCode(RunEnding::Failed);
}

void writeLine(std::ostream& out, const Json& document)
{
    out << document.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

std::string cell(const std::string& text, std::size_t columns)
{
    auto line = printable(text);
    std::ranges::replace(line, '\n', ' ');
    std::ranges::replace(line, '\t', ' ');
    return cutTo(line, columns);
}

void listDifferences(const Verification& found, std::ostream& out)
{
    for (const auto& [what, paths] : {std::pair{"changed", &found.changed}, {"missing", &found.missing}, {"extra", &found.extra}})
        for (const auto& path : *paths)
            out << fmt::format("{:<8} {}\n", what, cell(path, 1000));
}

Result<KnownRun> knownRun(const std::string& text, Journal& journal, std::ostream& err)
{
    auto id = journal.findRun(text);
    if (!id)
        return std::move(id).error().advise("'agent-pipeline runs' lists the runs there are.");
    auto salvaged = journal.salvage(*id);
    if (salvaged.events.empty() && salvaged.damage)
        return *std::move(salvaged.damage);
    KnownRun run{.events = std::move(salvaged.events)};
    if (salvaged.damage) {
        run.exitCode = exitCode(RunEnding::Failed);
        (void)refused(*salvaged.damage, err);
    }
    for (const auto& event : run.events)
        apply(run.state, event);
    run.state.id = *id;
    return run;
}

} // namespace aap
