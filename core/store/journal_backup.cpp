#include "core/store/journal_backup.h"

#include <fcntl.h>
#include <unistd.h>

#include <QAtomicInteger>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QStringList>
#include <QVariant>

#include "core/base/ids.h"
#include "core/store/journal.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

QString pathText(const fs::path& path)
{
    return QString::fromStdString(path.string());
}

Error failedQuery(const QSqlError& error)
{
    return Error{ErrorCode::Io, error.text().toStdString(), {}, "Look whether the disk is full or the folder read-only."};
}

/// A connection of its own to one file, for as long as it lives.
class JournalFile {
public:
    explicit JournalFile(const fs::path& file, const QString& options = {})
    {
        static QAtomicInteger<unsigned> count;
        m_name = QStringLiteral("journal-file-%1").arg(count.fetchAndAddRelaxed(1));
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
        database.setDatabaseName(pathText(file));
        database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=10000") + options);
        m_isOpen = database.open();
    }
    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;
    ~JournalFile()
    {
        QSqlDatabase::database(m_name, false).close();
        QSqlDatabase::removeDatabase(m_name);
    }

    Result<void> execute(const QString& statement, const QVariantList& values = {})
    {
        auto database = QSqlDatabase::database(m_name, false);
        if (!m_isOpen)
            return failedQuery(database.lastError());
        QSqlQuery query(database);
        if (!query.prepare(statement))
            return failedQuery(query.lastError());
        for (const auto& value : values)
            query.addBindValue(value);
        return query.exec() ? Result<void>() : Result<void>(failedQuery(query.lastError()));
    }

    Result<QStringList> column(const QString& statement)
    {
        QSqlQuery query(QSqlDatabase::database(m_name, false));
        if (!m_isOpen || !query.exec(statement))
            return failedQuery(query.lastError());
        QStringList values;
        while (query.next())
            values << query.value(0).toString();
        return values;
    }

private:
    QString m_name;
    bool m_isOpen = false;
};

/// A file that goes when this does, with what SQLite puts beside it.
class PassingFile {
public:
    explicit PassingFile(fs::path file) : m_file(std::move(file)) {}
    PassingFile(const PassingFile&) = delete;
    PassingFile& operator=(const PassingFile&) = delete;
    ~PassingFile()
    {
        std::error_code ignored;
        for (const auto* suffix : {"", "-wal", "-shm", "-journal"})
            fs::remove(m_file.string() + suffix, ignored);
    }
    const fs::path& path() const { return m_file; }

private:
    fs::path m_file;
};

/// SQLite would make it readable for others.
Result<void> makePrivateFile(const fs::path& file)
{
    const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (made < 0)
        return Error{ErrorCode::Invalid, file.string() + " cannot be made, or exists already", {}, "Name a file that does not exist, in a folder you may write to."};
    ::close(made);
    return {};
}

Result<void> makeDurable(const fs::path& file)
{
    const int opened = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    const bool synced = opened >= 0 && ::fsync(opened) == 0;
    if (opened >= 0)
        ::close(opened);
    return synced ? Result<void>() : Result<void>(Error{ErrorCode::Io, file.string() + " could not be written to the disk", {}, "Look whether the disk is full."});
}

Error noBackup(const fs::path& backup)
{
    return Error{ErrorCode::Invalid, backup.string() + " is no intact backup of a journal", {}, "Name a file that 'agent-pipeline backup' wrote."};
}

/// An intact journal, seen before anything of it is opened by us for writing.
Result<void> examineBackup(const fs::path& backup)
{
    std::error_code failed;
    if (!fs::is_regular_file(backup, failed))
        return Error{ErrorCode::NotFound, "there is no file " + backup.string(), {}, "Name a file that 'agent-pipeline backup' wrote."};
    JournalFile file(backup, QStringLiteral(";QSQLITE_OPEN_READONLY"));
    const auto sound = file.column(QStringLiteral("PRAGMA integrity_check"));
    if (!sound || *sound != QStringList{QStringLiteral("ok")})
        return noBackup(backup);
    const auto tables = file.column(QStringLiteral("SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('runs', 'events')"));
    return tables && tables->size() == 2 ? Result<void>() : Result<void>(noBackup(backup));
}

/// Of the attached backup over ours, table by table; both have the newest schema.
Result<void> copyTables(JournalFile& journal)
{
    const auto tables = journal.column(QStringLiteral("SELECT name FROM backup.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"));
    if (!tables)
        return tables.error();
    if (auto begun = journal.execute(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return begun;
    Result<void> outcome;
    for (const auto& table : *tables)
        for (const auto& statement : {QStringLiteral("DELETE FROM main.\"%1\""), QStringLiteral("INSERT INTO main.\"%1\" SELECT * FROM backup.\"%1\"")})
            if (outcome)
                outcome = journal.execute(statement.arg(table));
    if (outcome)
        return journal.execute(QStringLiteral("COMMIT"));
    (void)journal.execute(QStringLiteral("ROLLBACK")); // what went wrong is known already
    return outcome;
}

} // namespace

Result<void> backUpJournal(const fs::path& journal, const fs::path& target)
{
    if (auto made = makePrivateFile(target); !made)
        return made;
    auto copied = JournalFile(journal).execute(QStringLiteral("VACUUM INTO ?"), {pathText(target)});
    if (copied)
        copied = makeDurable(target);
    if (!copied) {
        std::error_code ignored;
        fs::remove(target, ignored);
        return std::move(copied).error().during("back up the journal");
    }
    return {};
}

Result<int> restoreJournal(const fs::path& journal, const fs::path& backup)
{
    if (auto sound = examineBackup(backup); !sound)
        return std::move(sound).error();
    if (auto opened = openSqliteJournal(journal); !opened) // made when it is not there
        return std::move(opened).error().during("restore the journal");
    const PassingFile copy(journal.parent_path() / ("restore-" + newRunId() + ".sqlite"));
    std::error_code failed;
    if (!fs::copy_file(backup, copy.path(), failed))
        return Error{ErrorCode::Io, failed.message(), {"copy the backup"}, "Look whether the disk is full."};
    fs::permissions(copy.path(), fs::perms::owner_read | fs::perms::owner_write, failed);
    if (auto opened = openSqliteJournal(copy.path()); !opened) // brings an older one up to date
        return std::move(opened).error().during("restore the journal");
    JournalFile ours(journal);
    if (auto attached = ours.execute(QStringLiteral("ATTACH DATABASE ? AS backup"), {pathText(copy.path())}); !attached)
        return std::move(attached).error().during("restore the journal");
    auto restored = copyTables(ours);
    const auto count = ours.column(QStringLiteral("SELECT count(*) FROM main.runs"));
    (void)ours.execute(QStringLiteral("DETACH DATABASE backup"));
    if (!restored)
        return std::move(restored).error().during("restore the journal");
    return count ? Result<int>(count->value(0).toInt()) : Result<int>(count.error());
}

Result<void> forgetRuns(const fs::path& journal, const std::vector<std::string>& runIds)
{
    JournalFile file(journal);
    if (auto begun = file.execute(QStringLiteral("BEGIN IMMEDIATE")); !begun)
        return std::move(begun).error().during("forget runs");
    Result<void> outcome;
    for (const auto& id : runIds)
        for (const auto* statement : {"DELETE FROM events WHERE run_id = ?", "DELETE FROM runs WHERE id = ?"})
            if (outcome)
                outcome = file.execute(QLatin1String(statement), {QString::fromStdString(id)});
    if (outcome)
        return file.execute(QStringLiteral("COMMIT"));
    (void)file.execute(QStringLiteral("ROLLBACK"));
    return std::move(outcome).error().during("forget runs");
}

} // namespace aap
