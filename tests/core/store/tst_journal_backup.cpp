#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/store/journal.h"
#include "core/store/journal_backup.h"

using namespace aap;
namespace fs = std::filesystem;

/// The history's copies.
class JournalBackupTest : public QObject {
    Q_OBJECT

private slots:
    void aBackupIsACompleteJournal();
    void aBackupReplacesNoFile();
    void restoringReplacesTheHistory();
    void whatIsNoBackupChangesNothing_data();
    void whatIsNoBackupChangesNothing();
    void forgottenRunsAreGone();

private:
    fs::path at(const char* name) const { return fs::path(m_folder.path().toStdString()) / name; }
    static void add(Journal& journal, const std::string& id)
    {
        QVERIFY(journal.append(id, {.seq = 1, .at = now(), .stage = {}, .payload = RunStarted{.title = id}}));
        QVERIFY(journal.append(id, {.seq = 2, .at = now(), .stage = {}, .payload = RunFinished{.ending = RunEnding::Completed}}));
    }
    static std::vector<std::string> ids(Journal& journal)
    {
        std::vector<std::string> found;
        const auto runs = journal.runs();
        for (const auto& run : *runs)
            found.push_back(run.id);
        std::ranges::sort(found);
        return found;
    }
    QTemporaryDir m_folder;
};

void JournalBackupTest::aBackupIsACompleteJournal()
{
    const auto journal = *openSqliteJournal(at("a.sqlite"));
    add(*journal, "one");
    QVERIFY(backUpJournal(at("a.sqlite"), at("a.backup"))); // while it is open
    add(*journal, "two");
    QCOMPARE(fs::status(at("a.backup")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    const auto copy = *openSqliteJournal(at("a.backup"));
    QCOMPARE(ids(*copy), std::vector<std::string>{"one"});
    QCOMPARE(copy->events("one")->size(), 2U);
}

void JournalBackupTest::aBackupReplacesNoFile()
{
    const auto journal = *openSqliteJournal(at("b.sqlite"));
    std::ofstream(at("b.backup")) << "mine";
    QCOMPARE(backUpJournal(at("b.sqlite"), at("b.backup")).error().code, ErrorCode::Invalid);
    QCOMPARE(fs::file_size(at("b.backup")), 4U);
    QVERIFY(!backUpJournal(at("b.sqlite"), at("no/such/folder")));
}

void JournalBackupTest::restoringReplacesTheHistory()
{
    {
        const auto journal = *openSqliteJournal(at("c.sqlite"));
        add(*journal, "one");
        QVERIFY(backUpJournal(at("c.sqlite"), at("c.backup")));
        add(*journal, "two");
    }
    const auto count = restoreJournal(at("c.sqlite"), at("c.backup"));
    QVERIFY2(count, count ? "" : count.error().text().c_str());
    QCOMPARE(*count, 1);
    QCOMPARE(ids(**openSqliteJournal(at("c.sqlite"))), std::vector<std::string>{"one"});
    QVERIFY(restoreJournal(at("fresh.sqlite"), at("c.backup"))); // on another machine
    QCOMPARE(ids(**openSqliteJournal(at("fresh.sqlite"))), std::vector<std::string>{"one"});
    for (const auto& entry : fs::directory_iterator(m_folder.path().toStdString()))
        QVERIFY(!entry.path().filename().string().starts_with("restore-"));
}

void JournalBackupTest::whatIsNoBackupChangesNothing_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("no database") << QByteArray("mine");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a damaged one") << QByteArray("SQLite format 3\0\x10\x00", 18);
}

void JournalBackupTest::whatIsNoBackupChangesNothing()
{
    QFETCH(const QByteArray, content);
    fs::remove(at("d.sqlite"));
    {
        const auto journal = *openSqliteJournal(at("d.sqlite"));
        add(*journal, "one");
    }
    std::ofstream(at("d.backup"), std::ios::binary | std::ios::trunc).write(content.constData(), content.size());
    QCOMPARE(restoreJournal(at("d.sqlite"), at("d.backup")).error().code, ErrorCode::Invalid);
    QCOMPARE(restoreJournal(at("d.sqlite"), at("missing")).error().code, ErrorCode::NotFound);
    QCOMPARE(ids(**openSqliteJournal(at("d.sqlite"))), std::vector<std::string>{"one"});
}

void JournalBackupTest::forgottenRunsAreGone()
{
    const auto journal = *openSqliteJournal(at("e.sqlite"));
    for (const auto* id : {"one", "two", "three"})
        add(*journal, id);
    QVERIFY(forgetRuns(at("e.sqlite"), {"one", "three", "'; DROP TABLE runs; --"}));
    QCOMPARE(ids(*journal), std::vector<std::string>{"two"});
    QVERIFY(journal->events("one")->empty());
}

QTEST_GUILESS_MAIN(JournalBackupTest)
#include "tst_journal_backup.moc"
