#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/store/journal.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261126-120000-abcdef";
constexpr std::array kFailures{ENOSPC, EIO, EDQUOT, EROFS, EMFILE, ENOMEM};

struct SaveEnded {
    int code = -1;
    QByteArray said{};
};

SaveEnded save(const fs::path& folder, int failingCall = 0, int error = 0)
{
    QProcess program;
    auto environment = QProcessEnvironment::systemEnvironment();
    if (failingCall > 0) {
        environment.insert(QStringLiteral("LD_PRELOAD"), QStringLiteral(AAP_FAILING_CALLS));
        environment.insert(QStringLiteral("AAP_FAIL_BELOW"), QString::fromStdString(folder.string() + "/"));
        environment.insert(QStringLiteral("AAP_FAIL_AT"), QString::number(failingCall));
        environment.insert(QStringLiteral("AAP_FAIL_ERRNO"), QString::number(error));
        environment.insert(QStringLiteral("AAP_FAIL_TOLD"), QString::fromStdString(folder.string() + ".told"));
    }
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(AAP_SAVE_EVERYTHING), {QString::fromStdString(folder.string())});
    if (!program.waitForFinished(120'000))
        program.kill();
    program.waitForFinished();
    return {.code = program.exitStatus() == QProcess::NormalExit ? program.exitCode() : -1, .said = program.readAllStandardOutput() + program.readAllStandardError()};
}

} // namespace

/// Everything that is saved, with one call after the other to the system failing: nothing crashes, what was there is there or the new
/// one is, and it goes on when the call works again.
class FailingCallsTest : public QObject {
    Q_OBJECT

private slots:
    void whicheverCallFails();
};

void FailingCallsTest::whicheverCallFails()
{
    QTemporaryDir folder;
    const fs::path root(folder.path().toStdString());
    const auto before = root / "before";
    fs::create_directories(before);
    const auto first = save(before);
    QVERIFY2(first.code == 0, first.said);
    const auto known = (*openSqliteJournal(before / "data/journal.sqlite"))->events(kRun)->size();
    QVERIFY(writeFileAtomically(before / "file.json", std::string(3000, 'o')));

    int told = 0;
    int refused = 0;
    for (int call = 1;; call += 1 + call / 20) { // every one of the first twenty, then fewer: they are many of the same
        const auto now = root / "now";
        std::error_code ignored;
        fs::remove_all(now, ignored);
        fs::copy(before, now, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
        const int error = kFailures[std::size_t(call) % kFailures.size()];
        const auto where = QByteArray::number(call) + ": " + std::strerror(error);
        const auto ended = save(now, call, error);
        QVERIFY2(ended.code == 0 || ended.code == 3, where + ended.said);
        const bool hasFailed = fs::remove(root / "now.told");
        told += hasFailed ? 1 : 0;
        refused += ended.code == 3 ? 1 : 0;
        QVERIFY2(ended.code == 0 || ended.said.count('\n') >= 2, where + ended.said); // what, and what to do

        const auto file = *readFile(now / "file.json");
        QVERIFY2(file == std::string(3000, 'o') || file == std::string(5000, 'n'), where);
        const auto journal = openSqliteJournal(now / "data/journal.sqlite");
        QVERIFY2(journal, where);
        const auto events = (*journal)->events(kRun);
        QVERIFY2(events && events->size() >= known && events->back().seq == std::int64_t(events->size()), where);

        const auto again = save(now);
        QVERIFY2(again.code == 0, where + again.said);
        if (!hasFailed) // a clean pass: there are no more calls
            break;
    }
    QVERIFY2(told > 50, QByteArray::number(told));
    QVERIFY2(refused > told / 2, QByteArray::number(refused)); // few calls may fail without harm
}

QTEST_GUILESS_MAIN(FailingCallsTest)
#include "tst_failing_calls.moc"
