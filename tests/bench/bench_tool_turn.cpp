// What a turn of a dialogue costs beyond what it cannot do without: one exchange with the model, one command of a shell, and
// what waits for the disk: see RunRecorder.
#include <QCoreApplication>
#include <QTemporaryDir>

#include "core/agent/dialogue.h"
#include "core/base/redact.h"
#include "core/engine/run_recorder.h"
#include "core/llm/anthropic_model.h"
#include "core/llm/retrying_model.h"
#include "core/store/journal.h"
#include "tests/bench/bench_room.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/memory_journal.h"

namespace {

using namespace aap;

constexpr int kTurns = 40;

RecordedTurn calling(const std::string& id, const std::string& tool, const Json& input)
{
    return {.stage = "coding", .content = Json::array({{{"type", "tool_use"}, {"id", id}, {"name", tool}, {"input", input}}}), .stopReason = "tool_use", .model = "bench"};
}

/// Milliseconds of one turn in a dialogue of many.
double turnOfDialogue(BenchRoom& room, FakeMessagesApi& api)
{
    for (int turn = 0; turn < kTurns; ++turn) // no two alike: a third equal call would not be run
        api.enqueue(Step::reply(calling("toolu_" + std::to_string(turn), "run_command", {{"command", "/bin/true " + std::to_string(turn)}})));
    api.enqueue(Step::reply(calling("toolu_end", "submit_result", {{"summary", "done"}})));
    AnthropicModel provider({.baseUrl = api.baseUrl()});
    RetryingModel model(provider);
    const QTemporaryDir disk; // every turn waits for it
    const auto journal = worked(openSqliteJournal(disk.filePath(QStringLiteral("journal.sqlite")).toStdString()), "the journal");
    KeepingObserver observer;
    const Redactor redactor;
    RunRecorder recorder("bench", **journal, redactor, observer);
    const auto workspace = worked(Folder::open(room.path()), "open the workspace");
    auto folder = *workspace;
    const auto tools = makeToolbox(StageId::Coding, {});
    ToolContext context{.stage = StageId::Coding, .sandbox = *room.sandbox, .workspace = folder};
    const Json schema{{"type", "object"}, {"required", {"summary"}}, {"properties", {{"summary", {{"type", "string"}}}}}};
    Dialogue dialogue({.stage = StageId::Coding, .model = "bench", .maxTurns = 2 * kTurns, .systemPrompt = "Call tools.", .submitSchema = schema}, model, tools, context, recorder);
    const auto total = milliseconds([&] {
        const auto outcome = worked(dialogue.begin("Begin.", {}), "the dialogue");
        if (outcome->kind != DialogueOutcome::Kind::Submitted)
            std::exit(1);
    });
    return total / kTurns;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv); // the exchange waits in an event loop
    BenchRoom room;
    FakeMessagesApi api;
    HttpExchange http;
    auto shell = room.openShell();
    std::vector<double> bare;
    const auto exchangeAndCommand = [&] {
        api.enqueue(Step::reply(calling("toolu_1", "run_command", {{"command", "/bin/true"}})));
        const auto answer = http.send({.url = api.baseUrl() + "/v1/messages", .headers = {{"content-type", "application/json"}}, .body = "{}"}, {}, {}, {});
        if (answer.status != 200 || answer.cut)
            std::exit(1);
        shell.run("/bin/true");
    };
    exchangeAndCommand(); // opens the connection
    for (int round = 0; round < kTurns / 2; ++round)
        bare.push_back(milliseconds(exchangeAndCommand));
    const auto turn = turnOfDialogue(room, api);
    for (int round = 0; round < kTurns / 2; ++round) // before and after, so that a change of the machine's load does less harm
        bare.push_back(milliseconds(exchangeAndCommand));
    std::printf("a turn with one command %.2f ms, one exchange and one command of an open shell %.2f ms, ratio %.2f (target: at most 2)\n", turn, median(bare), turn / median(bare));
    return 0;
}
