#include <set>
#include <thread>

#include <QTemporaryDir>
#include <QTest>

#include <fmt/format.h>
#include <spdlog/logger.h>

#include "core/base/files.h"
#include "core/observe/log_file.h"

using namespace aap;

namespace {

constexpr std::uintmax_t kSmall = 20'000;

} // namespace

/// The log keeps its size and loses no line, whoever else writes, rotates or removes it.
class LogFileTest : public QObject {
    Q_OBJECT

private slots:
    void init() { std::filesystem::remove_all(folder()); std::filesystem::create_directories(folder()); }
    void itRotatesAndKeepsFiveFiles();
    void severalWritersShareItWithoutLosingALine();
    void aRemovedFileComesBack();
    void aLinkIsNotFollowed();

private:
    std::filesystem::path folder() const { return std::filesystem::path(m_folder.path().toStdString()) / "log"; }
    std::filesystem::path file() const { return folder() / "app.log"; }
    std::unique_ptr<spdlog::logger> logger(std::uintmax_t most) const
    {
        auto made = std::make_unique<spdlog::logger>("test", *LogFile::open(file(), most));
        made->set_pattern("%v");
        return made;
    }

    QTemporaryDir m_folder;
};

void LogFileTest::itRotatesAndKeepsFiveFiles()
{
    const auto log = logger(kSmall);
    for (int i = 0; i < 2000; ++i)
        log->info("{:0>99}", i);
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
        names.insert(entry.path().filename().string());
        QVERIFY(entry.file_size() <= kSmall);
        QCOMPARE(entry.status().permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    QCOMPARE(names, (std::set<std::string>{"app.log", "app.log.1", "app.log.2", "app.log.3", "app.log.4"}));
    QVERIFY(readFile(file())->ends_with("1999\n"));
}

void LogFileTest::severalWritersShareItWithoutLosingALine()
{
    constexpr int writers = 4, lines = 150; // all of them fit into five files
    {
        std::vector<std::jthread> threads;
        for (int writer = 0; writer < writers; ++writer)
            threads.emplace_back([this, writer] {
                const auto log = logger(kSmall); // a descriptor of its own, as another process has
                for (int i = 0; i < lines; ++i)
                    log->info("{}-{:0>97}", writer, i);
            });
    }
    std::set<std::string> seen;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
        const auto text = *readFile(entry.path());
        QCOMPARE(text.size() % 100, 0U);
        for (std::size_t at = 0; at < text.size(); at += 100)
            seen.insert(text.substr(at, 100));
    }
    QCOMPARE(seen.size(), std::size_t(writers * lines));
}

void LogFileTest::aRemovedFileComesBack()
{
    const auto log = logger(kSmall);
    log->info("one");
    std::filesystem::remove(file());
    log->info("two");
    QCOMPARE(*readFile(file()), std::string("two\n"));
}

void LogFileTest::aLinkIsNotFollowed()
{
    const auto victim = folder() / "victim";
    QVERIFY(writeFileAtomically(victim, "precious"));
    std::filesystem::create_symlink(victim, file());
    QVERIFY(!LogFile::open(file()));
    QCOMPARE(*readFile(victim), std::string("precious"));
}

QTEST_GUILESS_MAIN(LogFileTest)
#include "tst_log_file.moc"
