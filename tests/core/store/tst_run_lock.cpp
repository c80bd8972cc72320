#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <vector>

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
    void ofAHundredAtOnceOneHasIt();

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

/// Twice: the owners of the first time are killed while they hold it.
void RunLockTest::ofAHundredAtOnceOneHasIt()
{
    constexpr int kStarts = 100;
    for (int round = 0; round < 2; ++round) {
        int starts[2];
        int answers[2];
        QVERIFY(::pipe(starts) == 0 && ::pipe(answers) == 0);
        std::vector<pid_t> children;
        for (int i = 0; i < kStarts; ++i) {
            const auto child = ::fork();
            if (child == 0) {
                char go = 0;
                ::close(starts[1]);
                (void)!::read(starts[0], &go, 1); // until the other end is closed: all of them at once
                const auto lock = RunLock::take(journal(), m_run);
                const bool isRefused = !lock && lock.error().code == ErrorCode::Invalid && !lock.error().remedy.empty();
                (void)!::write(answers[1], lock ? "y" : isRefused ? "n" : "?", 1);
                ::pause();
                ::_exit(0);
            }
            children.push_back(child);
        }
        ::close(starts[0]);
        ::close(starts[1]);
        QByteArray said(kStarts, ' ');
        for (auto& one : said)
            QCOMPARE(::read(answers[0], &one, 1), ssize_t(1));
        QCOMPARE(said.count('y'), 1);
        QCOMPARE(said.count('n'), kStarts - 1);
        QVERIFY(RunLock::isHeld(journal(), m_run));
        for (const auto child : children)
            ::kill(child, SIGKILL);
        for (const auto child : children)
            ::waitpid(child, nullptr, 0);
        ::close(answers[0]);
        ::close(answers[1]);
        QVERIFY(!RunLock::isHeld(journal(), m_run));
    }
}

QTEST_GUILESS_MAIN(RunLockTest)
#include "tst_run_lock.moc"
