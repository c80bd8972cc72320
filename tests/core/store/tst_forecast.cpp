#include <QTest>

#include "core/store/forecast.h"
#include "tests/support/memory_journal.h"

using namespace aap;

namespace {

const TimePoint kBegin{Milliseconds(1'000'000)};

StageState passed(StageId id, std::int64_t tokens, double usd, int seconds, const char* model = "m", StageStatus status = StageStatus::Passed)
{
    StageState stage{.id = id, .status = status};
    stage.model = model;
    stage.usage = {.inputTokens = tokens, .calls = 1};
    stage.cost = Money::usd(usd);
    stage.startedAt = kBegin;
    stage.finishedAt = kBegin + std::chrono::seconds(seconds);
    return stage;
}

RunState pastRun(std::vector<StageState> stages)
{
    RunState run;
    run.stages = std::move(stages);
    return run;
}

PipelineSpec only(std::vector<StageId> stages)
{
    auto spec = PipelineSpec::standard(RunMode::Full);
    for (auto& stage : spec.stages)
        stage.enabled = std::ranges::find(stages, stage.id) != stages.end();
    return spec;
}

const PriceOf kNoPrice = [](std::string_view, const Usage&) { return std::optional<Money>(); };

} // namespace

/// What a run will need, from what others needed.
class ForecastTest : public QObject {
    Q_OBJECT

private slots:
    void withoutHistoryNothingIsSaid();
    void halfAndNineOfTen();
    void stagesThatFailedAreNoMeasure();
    void anotherModelIsPricedAnew();
    void stagesAddUp();
    void runsOfTheSameKindAreReadFromTheJournal();
};

void ForecastTest::withoutHistoryNothingIsSaid()
{
    const auto none = forecastFrom({}, only({StageId::Coding}), "m", kNoPrice);
    QVERIFY(!none.hasHistory());
    QCOMPARE(none.stages.size(), 1U);
    QCOMPARE(none.usd.p90, 0.0);
}

void ForecastTest::halfAndNineOfTen()
{
    std::vector<RunState> past;
    for (int i = 0; i <= 10; ++i)
        past.push_back(pastRun({passed(StageId::Coding, 100 * i, i, 10 * i)}));
    const auto told = forecastFrom(past, only({StageId::Coding}), "m", kNoPrice);
    QVERIFY(told.isComplete());
    QCOMPARE(told.runs, 11U);
    QCOMPARE(told.tokens.p50, 500.0);
    QCOMPARE(told.tokens.p90, 900.0);
    QCOMPARE(told.usd.p50, 5.0);
    QCOMPARE(told.seconds.p90, 90.0);
}

void ForecastTest::stagesThatFailedAreNoMeasure()
{
    const auto told = forecastFrom({pastRun({passed(StageId::Coding, 100, 1, 1, "m", StageStatus::Failed)}), pastRun({passed(StageId::Coding, 300, 3, 3)})},
                                   only({StageId::Coding, StageId::Testing}), "m", kNoPrice);
    QCOMPARE(told.stages.at(0).samples, 1U);
    QCOMPARE(told.tokens.p50, 300.0);
    QVERIFY(told.hasHistory());
    QVERIFY(!told.isComplete());
}

void ForecastTest::anotherModelIsPricedAnew()
{
    const PriceOf price = [](std::string_view model, const Usage& usage) { return std::optional(Money::usd(model == "dear" ? double(usage.inputTokens) : 0.0)); };
    const auto other = forecastFrom({pastRun({passed(StageId::Coding, 2, 1, 1, "m")})}, only({StageId::Coding}), "dear", price);
    QVERIFY(!other.stages.at(0).ofThisModel);
    QCOMPARE(other.usd.p50, 2.0);
    const auto own = forecastFrom({pastRun({passed(StageId::Coding, 2, 1, 1, "m")}), pastRun({passed(StageId::Coding, 7, 1, 1, "dear")})}, only({StageId::Coding}), "dear", price);
    QVERIFY(own.stages.at(0).ofThisModel);
    QCOMPARE(own.stages.at(0).samples, 1U);
    QCOMPARE(own.usd.p50, 7.0);
}

void ForecastTest::stagesAddUp()
{
    std::vector<RunState> past;
    for (const int bad : {0, 0, 0, 1, 1}) // nine of ten: all of it
        past.push_back(pastRun({passed(StageId::Coding, 100 + 30 * bad, 0, 1), passed(StageId::Testing, 200 + 40 * bad, 0, 1)}));
    const auto told = forecastFrom(past, only({StageId::Coding, StageId::Testing}), "m", kNoPrice);
    QCOMPARE(told.tokens.p50, 300.0);
    QCOMPARE(told.tokens.p90, 350.0); // 30 and 40 as the sides of a triangle
}

void ForecastTest::runsOfTheSameKindAreReadFromTheJournal()
{
    class Listed final : public Journal {
    public:
        using Journal::append;
        Result<void> append(const std::string& runId, std::span<const RunEvent> events) override { return kept.append(runId, events); }
        Result<std::vector<RunEvent>> events(const std::string& runId, std::int64_t after) override
        {
            return runId == "damaged" ? Result<std::vector<RunEvent>>(Error{ErrorCode::Protocol, "damaged"}) : kept.events(runId, after);
        }
        Result<std::vector<RunSummary>> runs() override { return summaries; }
        Result<std::string> findRun(const std::string& text) override { return text; }
        MemoryJournal kept;
        std::vector<RunSummary> summaries;
    } journal;
    const auto add = [&](const std::string& id, RunMode mode, const std::string& label) {
        RunSummary summary;
        summary.id = id;
        summary.mode = mode;
        summary.usage.calls = 1;
        journal.summaries.push_back(summary);
        std::int64_t seq = 0;
        const auto happens = [&](std::optional<StageId> stage, Payload payload) { QVERIFY(journal.append(id, {.seq = ++seq, .at = kBegin, .stage = stage, .payload = std::move(payload)})); };
        happens({}, RunStarted{.recordingLabel = label});
        happens(StageId::Coding, StageStarted{.model = "m"});
        happens(StageId::Coding, TurnFinished{.usage = {.inputTokens = 50, .calls = 1}});
        happens(StageId::Coding, StageFinished{.status = StageStatus::Passed});
    };
    add("real", RunMode::Full, "");
    add("replayed", RunMode::Full, "recorded");
    add("review", RunMode::Review, "");
    add("damaged", RunMode::Full, "");
    const auto told = forecast(journal, only({StageId::Coding}), "m", kNoPrice);
    QVERIFY(told);
    QCOMPARE(told->runs, 1U);
    QCOMPARE(told->tokens.p50, 50.0);
}

QTEST_GUILESS_MAIN(ForecastTest)
#include "tst_forecast.moc"
