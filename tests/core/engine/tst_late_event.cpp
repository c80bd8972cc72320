#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/redact.h"
#include "core/engine/late_event.h"
#include "core/engine/run_recorder.h"
#include "core/store/journal.h"
#include "core/store/run_lock.h"
#include "tests/support/memory_journal.h"

using namespace aap;

/// What happens to a run that is over, in the real journal.
class LateEventTest : public QObject {
    Q_OBJECT
private slots:
    void anAlertJoinsTheHistory();
    void aRunAtWorkIsNotDisturbed();
    void unknownRunsHaveNoHistory();

private:
    std::filesystem::path file() const { return m_folder.path().toStdString() + "/journal.sqlite"; }
    std::unique_ptr<Journal> journal() { return *openSqliteJournal(file()); }

    QTemporaryDir m_folder{};
    Redactor m_redactor{{"my-secret-token"}};
};

void LateEventTest::anAlertJoinsTheHistory()
{
    const auto kept = journal();
    KeepingObserver observer;
    RunRecorder recorder("20261124-120310-7f3a9c", *kept, m_redactor, observer);
    QVERIFY(recorder.record({}, RunStarted{.requirements = "- It must sort\n", .pipeline = {{"stages", Json::array({{{"id", "monitoring"}}})}}}));
    QVERIFY(recorder.record({}, RunFinished{.ending = RunEnding::Completed}));
    const auto added = recordLate(file(), *kept, m_redactor, "20261124-120310-7f3a9c", StageId::Monitoring, Warned{"HighErrorRate has begun: my-secret-token"});
    QVERIFY2(added && *added, added ? "" : added.error().text().c_str());
    const auto events = kept->events("20261124-120310-7f3a9c");
    QCOMPARE(events->size(), 3U);
    QCOMPARE(events->back().seq, 3);
    QVERIFY(events->back().stage == StageId::Monitoring);
    const auto text = std::get<Warned>(events->back().payload).text;
    QVERIFY2(text.starts_with("HighErrorRate has begun") && text.find("my-secret-token") == std::string::npos, text.c_str());
    RunState state;
    for (const auto& event : *events)
        apply(state, event);
    QCOMPARE(*state.ending, RunEnding::Completed); // it is over all the same
    QCOMPARE(*kept->runs()->front().ending, RunEnding::Completed);
}

void LateEventTest::aRunAtWorkIsNotDisturbed()
{
    const auto kept = journal();
    KeepingObserver observer;
    RunRecorder recorder("20261124-120311-7f3a9d", *kept, m_redactor, observer);
    QVERIFY(recorder.record({}, RunStarted{.requirements = "- It must sort\n"}));
    const auto lock = RunLock::take(file(), "20261124-120311-7f3a9d");
    QVERIFY(lock);
    const auto added = recordLate(file(), *kept, m_redactor, "20261124-120311-7f3a9d", StageId::Monitoring, Warned{"x"});
    QVERIFY(added && !*added);
    QVERIFY(recorder.record({}, RunFinished{.ending = RunEnding::Completed}));
}

void LateEventTest::unknownRunsHaveNoHistory()
{
    const auto kept = journal();
    const auto added = recordLate(file(), *kept, m_redactor, "20261124-120312-7f3a9e", {}, Warned{"x"});
    QVERIFY(!added && added.error().code == ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(LateEventTest)
#include "tst_late_event.moc"
