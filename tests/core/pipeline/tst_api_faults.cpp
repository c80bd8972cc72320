#include <algorithm>
#include <map>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/llm/model_source.h"
#include "core/pipeline/orchestrator.h"
#include "tests/support/fake_deployer.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/fake_sandbox.h"
#include "tests/support/fixed_approver.h"
#include "tests/support/memory_journal.h"

using namespace aap;

namespace {

/// What can go wrong with a reply of the API, and what must come of it.
struct Fault {
    const char* name;
    std::function<Step(Step whole)> spoil; ///< made of the reply that it spoils
    RunEnding ending;                      ///< when it stays
    const char* said;                      ///< of the reason
    int requests;                          ///< until the program gives up: a fault that may pass is tried six times
};
constexpr int kDepends = 0; ///< on how much of it had been unpacked

Step failing(int status, const char* type)
{
    return Step::error(status, type, "not now");
}

/// A hundred megabytes of nothing, made once: the server must not be slow about it.
const std::string& bomb()
{
    static const auto bytes = qCompress(QByteArray(100'000'000, ' '), 9).mid(4).toStdString(); // zlib, which HTTP calls deflate
    return bytes;
}

const std::vector<Fault>& faults()
{
    static const std::vector<Fault> all = {
        {"429 that names a time", [](Step) { return failing(429, "rate_limit_error").with("retry-after", "1"); }, RunEnding::ProviderGaveUp, "HTTP 429", 6},
        {"429 that names none", [](Step) { return failing(429, "rate_limit_error"); }, RunEnding::ProviderGaveUp, "HTTP 429", 6},
        {"429 for a day", [](Step) { return failing(429, "rate_limit_error").with("retry-after", "86400"); }, RunEnding::ProviderGaveUp, "HTTP 429", 1},
        {"529", [](Step) { return failing(529, "overloaded_error"); }, RunEnding::ProviderGaveUp, "HTTP 529", 6},
        {"500", [](Step) { return failing(500, "api_error"); }, RunEnding::ProviderGaveUp, "HTTP 500", 6},
        {"401", [](Step) { return failing(401, "authentication_error"); }, RunEnding::EnvironmentProblem, "HTTP 401", 1},
        {"silence", [](Step whole) { return std::move(whole).ending(Step::End::Stall, 0); }, RunEnding::ProviderGaveUp, "", 6},
        {"a reset", [](Step whole) { return std::move(whole).ending(Step::End::Reset, 100); }, RunEnding::ProviderGaveUp, "", 6},
        {"a cut in the middle", [](Step whole) { return std::move(whole).ending(Step::End::Cut, 200); }, RunEnding::ProviderGaveUp, "", 6},
        {"garbage", [](Step whole) { whole.body = "data: \xff\xfe{[\n\n"; return whole; }, RunEnding::ProviderGaveUp, "", 6},
        {"an endless stream", [](Step whole) { whole.body = "data: " + std::string(100'000, 'x'); return std::move(whole).ending(Step::End::Endless); }, RunEnding::ProviderGaveUp, "bytes", 1},
        {"a bomb", [](Step whole) { whole.body = bomb(); return std::move(whole).with("content-encoding", "deflate"); },
         RunEnding::ProviderGaveUp, "", kDepends},
    };
    return all;
}

/// Reviews: each stage looks once and then finds nothing. Stages are told by what they are told.
class Reviewer {
public:
    /// Spoils the second reply of a stage (1, 2 or 3), for as long as it is set.
    int spoiledStage = 0;
    std::function<Step(Step)> spoil{};
    std::map<std::string, int> given{}; ///< "2/1", stage and turn, how often it was given whole

    Step answer(const SeenRequest& seen)
    {
        const auto request = seen.json();
        const auto words = request.at("system").dump();
        if (std::ranges::find(m_stages, words) == m_stages.end())
            m_stages.push_back(words);
        const auto stage = int(std::ranges::find(m_stages, words) - m_stages.begin()) + 1;
        const auto turn = int(std::ranges::count(request.at("messages"), "assistant", [](const Json& message) { return message.at("role"); })) + 1;
        auto step = Step::reply(turn == 1 ? called("look", "list_directory", {{"path", "."}})
                                          : called("result", "submit_result", {{"schema", "aap/review/1"}, {"summary", "Nothing to say."}, {"findings", Json::array()}}));
        if (const auto change = spoil; change && stage == spoiledStage && turn == 2) // it may end itself
            return change(std::move(step));
        ++given[std::to_string(stage) + '/' + std::to_string(turn)];
        return step;
    }

private:
    static RecordedTurn called(const char* id, const char* tool, const Json& input)
    {
        return {.content = Json::array({Json{{"type", "tool_use"}, {"id", id}, {"name", tool}, {"input", input}}}), .stopReason = "tool_use",
                .usage = {.inputTokens = 100, .outputTokens = 20}};
    }
    std::vector<std::string> m_stages{};
};

/// A review of a small project against a real server, everything else around it faked but for the disk.
struct House {
    House()
    {
        QDir().mkpath(folder.filePath(QStringLiteral("project")));
        QFile code(folder.filePath(QStringLiteral("project/app.py")));
        if (!code.open(QIODevice::WriteOnly) || code.write("print('hello')\n") < 0)
            qFatal("cannot write the project");
        request.runId = "20261126-101010-abcdef";
        request.pipeline = PipelineSpec::standard(RunMode::Review);
        request.repository = folder.filePath(QStringLiteral("project")).toStdString();
        request.outputFolder = folder.filePath(QStringLiteral("out")).toStdString();
        request.workspaceFolder = folder.filePath(QStringLiteral("ws")).toStdString();
        request.model = "claude-sonnet-5-5";
        api.answerWith([this](const SeenRequest& seen) { return reviewer.answer(seen); });
    }

    /// Goes on where the journal ends, with connections and retries of its own, as a new program would.
    Result<RunState> carryOut()
    {
        ApiModelSettings settings{.prices = *Prices::load()};
        settings.anthropic = {.baseUrl = api.baseUrl(), .apiKey = ApiKey("sk-ant-test-0123456789")};
        settings.anthropic.limits = {.connect = Milliseconds(5000), .idle = Milliseconds(500)};
        settings.retry.wait = [](Milliseconds, const std::stop_token&) { return true; };
        ApiModelSource models(std::move(settings));
        const auto past = journal.kept[request.runId];
        const RunServices services{sandboxes, images, deployer, models, journal, approver, observer, redactor};
        return past.empty() ? runPipeline(request, services, {}) : resumePipeline(request, services, past, {});
    }

    QTemporaryDir folder;
    RunRequest request;
    Reviewer reviewer;
    FakeMessagesApi api;
    FakeSandboxProvider sandboxes;
    FakeImageBuilder images;
    FakeDeployer deployer;
    MemoryJournal journal;
    FixedApprover approver;
    KeepingObserver observer;
    Redactor redactor;
};

} // namespace

/// Every fault of the API in every stage of a run: what the user reads, where the run stands, and that it goes on.
class ApiFaultsTest : public QObject {
    Q_OBJECT

private slots:
    void aFaultThatStays_data();
    void aFaultThatStays();
    void aFaultThatPasses_data();
    void aFaultThatPasses();
    void theKeyFollowsNoRedirect();
};

namespace {

void addFaults(bool withThoseThatDepend)
{
    QTest::addColumn<int>("fault");
    QTest::addColumn<int>("stage");
    for (int fault = 0; fault < int(faults().size()); ++fault)
        for (int stage = 1; stage <= 3; ++stage)
            if (const auto& what = faults()[std::size_t(fault)]; withThoseThatDepend || what.requests != kDepends)
                QTest::addRow("%s, stage %d", what.name, stage) << fault << stage;
}

} // namespace

void ApiFaultsTest::aFaultThatStays_data()
{
    addFaults(true);
}

void ApiFaultsTest::aFaultThatStays()
{
    QFETCH(const int, fault);
    QFETCH(const int, stage);
    const auto& what = faults()[std::size_t(fault)];
    House house;
    house.reviewer.spoiledStage = stage;
    house.reviewer.spoil = what.spoil;
    const auto ended = house.carryOut();
    QVERIFY2(ended, ended ? "" : ended.error().text().c_str());
    QVERIFY2(ended->ending == what.ending, ended->reason.c_str());
    QVERIFY2(ended->reason.find(what.said) != std::string::npos, ended->reason.c_str());
    QVERIFY(!ended->reason.empty() && !ended->remedy.empty());
    if (what.requests != kDepends)
        QCOMPARE(house.api.requests().size(), std::size_t(2 * stage - 1 + what.requests));

    house.reviewer.spoil = {};
    const auto done = house.carryOut();
    QVERIFY2(done, done ? "" : done.error().text().c_str());
    QCOMPARE(*done->ending, RunEnding::Completed);
    for (const auto& [turn, times] : house.reviewer.given)
        QVERIFY2(times == 1, turn.c_str()); // what was paid for was not asked again
    QCOMPARE(house.reviewer.given.size(), 6U);
    QCOMPARE(done->usage.calls, 6);
}

void ApiFaultsTest::aFaultThatPasses_data()
{
    addFaults(false);
}

void ApiFaultsTest::aFaultThatPasses()
{
    QFETCH(const int, fault);
    QFETCH(const int, stage);
    const auto& what = faults()[std::size_t(fault)];
    House house;
    house.reviewer.spoiledStage = stage;
    house.reviewer.spoil = [&house, &what](Step whole) {
        house.reviewer.spoil = {};
        return what.spoil(std::move(whole));
    };
    const auto ended = house.carryOut();
    QVERIFY2(ended, ended ? "" : ended.error().text().c_str());
    const bool isTriedAgain = what.requests > 1;
    QVERIFY2(*ended->ending == (isTriedAgain ? RunEnding::Completed : what.ending), ended->reason.c_str());
    QCOMPARE(house.api.requests().size(), std::size_t(isTriedAgain ? 7 : 2 * stage));
}

void ApiFaultsTest::theKeyFollowsNoRedirect()
{
    FakeMessagesApi elsewhere;
    House house;
    house.reviewer.spoiledStage = 2;
    house.reviewer.spoil = [&](Step) {
        return Step{.status = 307, .headers = {{"location", elsewhere.baseUrl() + "/v1/messages"}}, .body = {}};
    };
    const auto ended = house.carryOut();
    QVERIFY2(ended, ended ? "" : ended.error().text().c_str());
    QVERIFY(*ended->ending != RunEnding::Completed);
    QVERIFY2(ended->reason.find("wants to send us on") != std::string::npos, ended->reason.c_str());
    QCOMPARE(elsewhere.connections(), 0);
}

QTEST_GUILESS_MAIN(ApiFaultsTest)
#include "tst_api_faults.moc"
