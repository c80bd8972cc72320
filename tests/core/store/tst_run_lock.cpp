#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "core/store/run_lock.h"

using namespace aap;

/// One program a run.
class RunLockTest : public QObject {
    Q_OBJECT

private slots:
    void theSecondIsRefusedUntilTheFirstIsDone();
    void itDiesWithItsOwner();
    void lookingAtItDoesNotTakeIt();
    void aNameThatIsNoRunIsRefused();

private:
    std::filesystem::path journal() const { return m_folder.filePath(QStringLiteral("journal.sqlite")).toStdString(); }
    QTemporaryDir m_folder;
    const std::string m_run = "20261126-101010-abcdef";
};

void RunLockTest::theSecondIsRefusedUntilTheFirstIsDone()
{
    QVERIFY(!RunLock::isHeld(journal(), m_run));
    {
        const auto first = RunLock::take(journal(), m_run);
        QVERIFY2(first, first ? "" : first.error().text().c_str());
        QVERIFY(RunLock::isHeld(journal(), m_run));
        const auto second = RunLock::take(journal(), m_run);
        QVERIFY(!second);
        QVERIFY(second.error().text().find(m_run) != std::string::npos);
        QVERIFY(!second.error().remedy.empty());
        QVERIFY(RunLock::take(journal(), "20261126-101010-fedcba"));
    }
    QVERIFY(!RunLock::isHeld(journal(), m_run));
    QVERIFY(RunLock::take(journal(), m_run));
    QVERIFY(QDir(m_folder.filePath(QStringLiteral("locks"))).isEmpty()); // nothing is left
}

void RunLockTest::itDiesWithItsOwner()
{
    int ready[2];
    QCOMPARE(::pipe(ready), 0);
    const auto child = ::fork();
    if (child == 0) {
        const auto lock = RunLock::take(journal(), m_run);
        (void)!::write(ready[1], lock ? "y" : "n", 1);
        ::pause();
        ::_exit(0);
    }
    char answer = 0;
    QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
    QCOMPARE(answer, 'y');
    QVERIFY(RunLock::isHeld(journal(), m_run));
    QVERIFY(!RunLock::take(journal(), m_run));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    QVERIFY(!RunLock::isHeld(journal(), m_run));
    QVERIFY(RunLock::take(journal(), m_run));
}

void RunLockTest::lookingAtItDoesNotTakeIt()
{
    QVERIFY(!RunLock::isHeld(journal(), "20261126-101010-000000"));
    const auto lock = RunLock::take(journal(), m_run);
    for (int i = 0; i < 10; ++i)
        QVERIFY(RunLock::isHeld(journal(), m_run));
    QVERIFY(lock);
}

void RunLockTest::aNameThatIsNoRunIsRefused()
{
    QVERIFY(!RunLock::take(journal(), "../../etc/passwd"));
    QVERIFY(!RunLock::isHeld(journal(), "../../etc/passwd"));
}

QTEST_GUILESS_MAIN(RunLockTest)
#include "tst_run_lock.moc"
