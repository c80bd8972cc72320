#include <atomic>
#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/pause.h"
#include "sandbox/workspace_watch.h"

using namespace std::chrono_literals;

namespace aap {

/// How a workspace is held to its size; with real commands see DockerSandboxTest.
class WorkspaceWatchTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void whatIsThereIsMeasured();
    void nothingIsFollowedOut();
    void deepNestsAreNoHidingPlace();
    void whatPassesTheLimitIsEnded();
    void filesAreCounted();
    void whatIsQuickIsToldAfterwards();
    void oneCanTidyUp();
    void jobsAreEndedBetweenCommands();

private:
    std::filesystem::path root() const { return m_folder->path().toStdString(); }
    void write(const std::string& name, std::size_t megabytes, std::ios::openmode mode = std::ios::out) const;
    WorkspaceUse measured() const { return measureWorkspace(root(), {}, {}); }

    std::unique_ptr<QTemporaryDir> m_folder{};
};

void WorkspaceWatchTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void WorkspaceWatchTest::write(const std::string& name, std::size_t megabytes, std::ios::openmode mode) const
{
    std::ofstream file(root() / name, std::ios::binary | mode);
    const std::string piece(1U << 20U, 'x');
    for (std::size_t i = 0; i < megabytes; ++i)
        file << piece;
}

void WorkspaceWatchTest::whatIsThereIsMeasured()
{
    std::filesystem::create_directories(root() / "a/b");
    write("a/b/two", 2);
    write("a/one", 1);
    std::filesystem::create_hard_link(root() / "a/one", root() / "a/again");
    QCOMPARE(::truncate((root() / "a/b/two").c_str(), off_t(1) << 40U), 0); // a hole is no content
    const auto use = measured();
    QCOMPARE(use.files, 5U);
    QVERIFY2(use.bytes >= 3U << 20U && use.bytes < 4U << 20U, std::to_string(use.bytes).c_str());
}

void WorkspaceWatchTest::nothingIsFollowedOut()
{
    std::filesystem::create_directory_symlink("/usr", root() / "usr");
    std::filesystem::create_symlink("/dev/zero", root() / "zero");
    QCOMPARE(::mkfifo((root() / "pipe").c_str(), 0600), 0);
    std::filesystem::create_directory(root() / std::string(255, 'n'));
    QCOMPARE(measured().files, 4U);
    QCOMPARE(measureWorkspace(root() / "usr", {}, {}).files, 0U);
}

void WorkspaceWatchTest::deepNestsAreNoHidingPlace()
{
    int at = ::open(root().c_str(), O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < 300; ++i) {
        QCOMPARE(::mkdirat(at, "d", 0700), 0);
        const int next = ::openat(at, "d", O_DIRECTORY | O_CLOEXEC);
        ::close(at);
        at = next;
    }
    ::close(at);
    QVERIFY(measured().isTooDeep);
}

void WorkspaceWatchTest::whatPassesTheLimitIsEnded()
{
    WorkspaceWatch watch(root(), {.bytes = 4U << 20U}, [] {});
    std::atomic<bool> isEnded = false;
    watch.begin([&] { isEnded = true; });
    for (int i = 0; i < 600 && !isEnded; ++i) {
        write("grows", 1, std::ios::app);
        pause(50ms, {});
    }
    QVERIFY(isEnded);
    const auto complaint = watch.end();
    QVERIFY(complaint && complaint->find("may hold 4 MB") != std::string::npos);
    QVERIFY(!watch.end());
}

void WorkspaceWatchTest::filesAreCounted()
{
    WorkspaceWatch watch(root(), {.files = 50}, [] {});
    std::atomic<bool> isEnded = false;
    watch.begin([&] { isEnded = true; });
    for (int i = 0; i < 60; ++i)
        std::ofstream(root() / std::to_string(i)) << "x";
    QTRY_VERIFY_WITH_TIMEOUT(isEnded, 30'000);
    const auto complaint = watch.end();
    QVERIFY(complaint && complaint->find("60 files and may hold 50") != std::string::npos);
}

void WorkspaceWatchTest::whatIsQuickIsToldAfterwards()
{
    WorkspaceWatch watch(root(), {.bytes = 4U << 20U}, [] {});
    watch.begin([] {});
    write("quick", 64);
    ::sync();
    const auto complaint = watch.end();
    QVERIFY(complaint && complaint->find("holds 64 MB") != std::string::npos);
}

/// Too big already, it may be used and made smaller, but not grow.
void WorkspaceWatchTest::oneCanTidyUp()
{
    write("big", 8);
    WorkspaceWatch watch(root(), {.bytes = 4U << 20U}, [] {});
    std::atomic<bool> isEnded = false;
    watch.begin([&] { isEnded = true; });
    pause(1500ms, {}); // some looks
    QVERIFY(!isEnded);
    QVERIFY(!watch.end());

    watch.begin([&] { isEnded = true; });
    pause(300ms, {});
    write("more", 4);
    QTRY_VERIFY_WITH_TIMEOUT(isEnded, 30'000);
    QVERIFY(watch.end());

    std::filesystem::remove(root() / "big");
    std::filesystem::remove(root() / "more");
    isEnded = false;
    watch.begin([&] { isEnded = true; });
    pause(1500ms, {});
    write("small", 1);
    pause(1500ms, {});
    QVERIFY(!isEnded && !watch.end());
}

void WorkspaceWatchTest::jobsAreEndedBetweenCommands()
{
    std::atomic<int> endings = 0;
    WorkspaceWatch watch(root(), {.bytes = 4U << 20U}, [&] { ++endings; });
    watch.begin([] {});
    QVERIFY(!watch.end());
    watch.watchJobs(true);
    write("grows", 8);
    QTRY_COMPARE_WITH_TIMEOUT(endings.load(), 1, 30'000);
    watch.begin([] {});
    const auto complaint = watch.end();
    QVERIFY2(complaint && complaint->find("may hold 4 MB") != std::string::npos, "the next command is told");
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::WorkspaceWatchTest)
#include "tst_workspace_watch.moc"
