#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <QFile>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include "core/store/journal.h"

using namespace aap;

namespace {

constexpr auto kRun = "20261126-120000-abcdef";
constexpr qint64 kPage = 4096;

RunEvent happening(std::int64_t seq)
{
    const Payload payload = seq == 1 ? Payload(RunStarted{.title = "a run"}) : Payload(Warned{"event " + std::to_string(seq) + std::string(200, '.')});
    return {.seq = seq, .at = TimePoint(Milliseconds(seq)), .stage = std::nullopt, .payload = payload};
}

Result<void> fill(const std::filesystem::path& file, std::int64_t last)
{
    auto journal = openSqliteJournal(file);
    if (!journal)
        return std::move(journal).error();
    for (std::int64_t seq = 1; seq <= last; ++seq)
        if (auto written = (*journal)->append(kRun, happening(seq)); !written)
            return written;
    return {};
}

/// Whatever was read is as it was written, and in order.
void verifyTrue(const std::vector<RunEvent>& events)
{
    std::int64_t last = 0;
    for (const auto& event : events) {
        QVERIFY(event.seq > last);
        QCOMPARE(toJson(event).dump(), toJson(happening(event.seq)).dump());
        last = event.seq;
    }
}

/// A file system of its own, gone with the object.
class SmallDisk {
public:
    SmallDisk(const QString& folder, const char* size) : m_folder(QFile::encodeName(folder))
    {
        isMounted = ::mount("tmpfs", m_folder.constData(), "tmpfs", 0, (QByteArray("size=") + size).constData()) == 0;
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    ~SmallDisk() { ::umount2(m_folder.constData(), MNT_DETACH); }

    bool makeReadOnly() const { return ::mount(nullptr, m_folder.constData(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0; }
    bool isMounted = false;

private:
    QByteArray m_folder;
};

} // namespace

/// What happens to disks and files: what can be read is read, and what is wrong is said.
class JournalAccidentsTest : public QObject {
    Q_OBJECT

private slots:
    void aCutFileGivesWhatIsLeft();
    void aDamagedPageHidesWhatIsOnIt_data();
    void aDamagedPageHidesWhatIsOnIt();
    void aFullDiskKeepsWhatWasAcknowledged();
    void aReadOnlyDiskCanBeRead();
    void aReadOnlyDiskWithoutAJournalIsSaid();
    void anOlderOneThatMayOnlyBeReadIsShown_data();
    void anOlderOneThatMayOnlyBeReadIsShown();
    void whoHoldsItLockedIsSaid();
    void aFileThatWasOnlyBegunIsFinished();

private:
    std::filesystem::path file(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }
    QTemporaryDir m_folder;
};

void JournalAccidentsTest::aCutFileGivesWhatIsLeft()
{
    const auto path = file("cut.sqlite");
    QVERIFY(fill(path, 400));
    std::filesystem::resize_file(path, std::filesystem::file_size(path) - std::uintmax_t(kPage));
    const auto journal = openSqliteJournal(path);
    QVERIFY2(journal, journal ? "" : journal.error().text().c_str());
    QCOMPARE((*journal)->runs()->size(), 1U);
    const auto whole = (*journal)->events(kRun);
    QVERIFY(!whole);
    QCOMPARE(whole.error().code, ErrorCode::Protocol);
    QVERIFY(!whole.error().remedy.empty());
    const auto left = (*journal)->salvage(kRun);
    QVERIFY(left.damage);
    QVERIFY2(left.events.size() > 300, std::to_string(left.events.size()).c_str());
    verifyTrue(left.events);
}

void JournalAccidentsTest::aDamagedPageHidesWhatIsOnIt_data()
{
    QTest::addColumn<qint64>("page");
    QVERIFY(fill(file("pages.sqlite"), 200));
    const auto pages = qint64(std::filesystem::file_size(file("pages.sqlite"))) / kPage;
    QVERIFY(pages > 10);
    for (qint64 page = 0; page < pages; ++page)
        QTest::newRow(("page " + std::to_string(page)).c_str()) << page;
}

void JournalAccidentsTest::aDamagedPageHidesWhatIsOnIt()
{
    QFETCH(const qint64, page);
    const auto path = file("damaged.sqlite");
    std::filesystem::copy_file(file("pages.sqlite"), path, std::filesystem::copy_options::overwrite_existing);
    QFile raw(QString::fromStdString(path.string()));
    QVERIFY(raw.open(QIODevice::ReadWrite));
    QRandomGenerator random(quint32(page) + 7);
    std::array<quint32, kPage / 4> noise{};
    random.fillRange(noise.data(), qsizetype(noise.size()));
    raw.seek(page * kPage);
    raw.write(reinterpret_cast<const char*>(noise.data()), kPage);
    raw.close();
    const auto journal = openSqliteJournal(path);
    if (!journal) { // nothing can be found without its first pages
        QVERIFY2(page < 6, journal.error().text().c_str());
        QVERIFY2(journal.error().text().find("damaged") != std::string::npos, journal.error().text().c_str());
        QVERIFY(!journal.error().remedy.empty());
        return;
    }
    const auto left = (*journal)->salvage(kRun);
    verifyTrue(left.events);
    if (!left.damage)
        QCOMPARE(left.events.size(), 200U);
    else
        QVERIFY(!left.damage->remedy.empty());
}

void JournalAccidentsTest::aFullDiskKeepsWhatWasAcknowledged()
{
    const auto folder = m_folder.filePath(QStringLiteral("full"));
    QVERIFY(QDir().mkpath(folder));
    const SmallDisk disk(folder, "400k");
    QVERIFY(disk.isMounted);
    QFile ballast(folder + QStringLiteral("/ballast"));
    QVERIFY(ballast.open(QIODevice::WriteOnly) && ballast.write(QByteArray(100'000, 'x')) > 0);
    ballast.close();
    const auto path = (folder + QStringLiteral("/journal.sqlite")).toStdString();
    const auto journal = openSqliteJournal(path);
    QVERIFY2(journal, journal ? "" : journal.error().text().c_str());
    std::int64_t seq = 1;
    Result<void> written;
    while ((written = (*journal)->append(kRun, happening(seq))) && seq < 5000)
        ++seq;
    QVERIFY(!written);
    QCOMPARE(written.error().code, ErrorCode::Io);
    QVERIFY2(written.error().text().find("full") != std::string::npos, written.error().text().c_str());
    QVERIFY(written.error().remedy.find("resume") != std::string::npos);
    QCOMPARE((*journal)->events(kRun)->size(), std::size_t(seq - 1));
    QVERIFY(ballast.remove());
    QVERIFY((*journal)->append(kRun, happening(seq))); // and it goes on where it was
    verifyTrue(*(*journal)->events(kRun));
    QCOMPARE((*journal)->events(kRun)->size(), std::size_t(seq));
}

void JournalAccidentsTest::aReadOnlyDiskCanBeRead()
{
    const auto folder = m_folder.filePath(QStringLiteral("readonly"));
    QVERIFY(QDir().mkpath(folder));
    const SmallDisk disk(folder, "4m");
    const auto path = (folder + QStringLiteral("/a b#?%.sqlite")).toStdString();
    QVERIFY(fill(path, 20));
    QVERIFY(disk.makeReadOnly());
    const auto journal = openSqliteJournal(path);
    QVERIFY2(journal, journal ? "" : journal.error().text().c_str());
    QCOMPARE((*journal)->runs()->size(), 1U);
    QCOMPARE((*journal)->events(kRun)->size(), 20U);
    const auto refused = (*journal)->append(kRun, happening(21));
    QVERIFY(!refused);
    QVERIFY2(refused.error().text().find("cannot be written") != std::string::npos, refused.error().text().c_str());
}

void JournalAccidentsTest::aReadOnlyDiskWithoutAJournalIsSaid()
{
    const auto folder = m_folder.filePath(QStringLiteral("empty"));
    QVERIFY(QDir().mkpath(folder));
    const SmallDisk disk(folder, "4m");
    QVERIFY(disk.makeReadOnly());
    const auto journal = openSqliteJournal((folder + QStringLiteral("/journal.sqlite")).toStdString());
    QVERIFY(!journal);
    QCOMPARE(journal.error().code, ErrorCode::Io);
    QVERIFY(journal.error().remedy.find("writable") != std::string::npos);
}

void JournalAccidentsTest::anOlderOneThatMayOnlyBeReadIsShown_data()
{
    QTest::addColumn<QStringList>("statements");
    QTest::newRow("version 1") << QStringList{QStringLiteral("ALTER TABLE runs DROP COLUMN signed_by"), QStringLiteral("ALTER TABLE runs DROP COLUMN fork_of"), QStringLiteral("PRAGMA user_version=1")};
    QTest::newRow("version 2") << QStringList{QStringLiteral("ALTER TABLE runs DROP COLUMN signed_by"), QStringLiteral("PRAGMA user_version=2")};
}

void JournalAccidentsTest::anOlderOneThatMayOnlyBeReadIsShown()
{
    QFETCH(const QStringList, statements);
    const auto folder = m_folder.filePath(QStringLiteral("older"));
    QVERIFY(QDir().mkpath(folder));
    const SmallDisk disk(folder, "4m");
    const auto path = (folder + QStringLiteral("/journal.sqlite")).toStdString();
    QVERIFY(fill(path, 20));
    {
        auto old = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("old"));
        old.setDatabaseName(QString::fromStdString(path));
        QVERIFY(old.open());
        for (const auto& statement : statements)
            QVERIFY2(QSqlQuery(old).exec(statement), qPrintable(statement));
        old.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("old"));
    QVERIFY(disk.makeReadOnly());
    const auto journal = openSqliteJournal(path);
    QVERIFY2(journal, journal ? "" : journal.error().text().c_str());
    const auto runs = (*journal)->runs();
    QVERIFY2(runs, runs ? "" : runs.error().text().c_str());
    QCOMPARE(runs->size(), 1U);
    QCOMPARE(runs->front().title, std::string("a run"));
    QVERIFY(runs->front().forkOf.empty() && runs->front().signedBy.empty());
    verifyTrue(*(*journal)->events(kRun));
    QCOMPARE((*journal)->events(kRun)->size(), 20U);
    const auto refused = (*journal)->append(kRun, happening(21));
    QVERIFY(!refused);
    QVERIFY2(refused.error().text().find("cannot be written") != std::string::npos, refused.error().text().c_str());
}

void JournalAccidentsTest::whoHoldsItLockedIsSaid()
{
    const auto path = file("locked.sqlite");
    QVERIFY(fill(path, 3));
    const auto journal = openSqliteJournal(path);
    {
        auto other = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
        other.setDatabaseName(QString::fromStdString(path.string()));
        QVERIFY(other.open());
        QVERIFY(QSqlQuery(other).exec(QStringLiteral("BEGIN IMMEDIATE")));
        const auto refused = (*journal)->append(kRun, happening(4));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unavailable);
        QVERIFY2(refused.error().text().find("locked by another program") != std::string::npos, refused.error().text().c_str());
        QCOMPARE((*journal)->events(kRun)->size(), 3U); // reading goes on
        QVERIFY(openSqliteJournal(path));               // so does looking at the history
        other.close();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("other"));
    QVERIFY((*journal)->append(kRun, happening(4)));
}

void JournalAccidentsTest::aFileThatWasOnlyBegunIsFinished()
{
    const auto path = file("begun.sqlite");
    QFile raw(QString::fromStdString(path.string()));
    QVERIFY(raw.open(QIODevice::WriteOnly)); // the program died between making the file and its tables
    raw.close();
    QVERIFY(fill(path, 3));
    QCOMPARE((*openSqliteJournal(path))->events(kRun)->size(), 3U);
}

/// Small disks need a view of the file systems that is this program's own.
int main(int argc, char** argv)
{
    if (::unshare(CLONE_NEWNS | (::geteuid() == 0 ? 0 : CLONE_NEWUSER)) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        std::perror("cannot have file systems of my own");
    QCoreApplication application(argc, argv);
    JournalAccidentsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_journal_accidents.moc"
