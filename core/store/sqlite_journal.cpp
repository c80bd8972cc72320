#include <fcntl.h>
#include <unistd.h>

#include <QAtomicInteger>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>
#include <QVariant>

#include "core/base/ids.h"
#include "core/store/journal.h"
#include "core/store/run_lock.h"

namespace aap {
namespace {

/// What each version of the file adds to the one before; never edited once released, only appended to.
const QStringList kMigrations{
    QStringLiteral("CREATE TABLE runs(id TEXT PRIMARY KEY, title TEXT NOT NULL DEFAULT '', mode TEXT NOT NULL DEFAULT 'full',"
                   " started_at INTEGER NOT NULL, finished_at INTEGER, ending TEXT, model TEXT NOT NULL DEFAULT '',"
                   " output TEXT NOT NULL DEFAULT '', input_tokens INTEGER NOT NULL DEFAULT 0, output_tokens INTEGER NOT NULL DEFAULT 0,"
                   " cache_read INTEGER NOT NULL DEFAULT 0, cache_write INTEGER NOT NULL DEFAULT 0, calls INTEGER NOT NULL DEFAULT 0,"
                   " micro_usd INTEGER NOT NULL DEFAULT 0);"
                   "CREATE TABLE events(run_id TEXT NOT NULL REFERENCES runs(id), seq INTEGER NOT NULL, at INTEGER NOT NULL,"
                   " type TEXT NOT NULL, event TEXT NOT NULL, PRIMARY KEY(run_id, seq)) WITHOUT ROWID"),
    QStringLiteral("ALTER TABLE runs ADD COLUMN fork_of TEXT NOT NULL DEFAULT ''"),
    QStringLiteral("ALTER TABLE runs ADD COLUMN signed_by TEXT NOT NULL DEFAULT ''"),
};

/// What runs() reads, and the version of the file that has it: an older one that may only be read says nothing there.
struct SummaryColumn {
    const char* name;
    qsizetype since = 1;
};
constexpr SummaryColumn kSummaryColumns[] = {{"id"}, {"title"}, {"mode"}, {"started_at"}, {"finished_at"}, {"ending"}, {"model"}, {"output"},
                                             {"input_tokens"}, {"output_tokens"}, {"cache_read"}, {"cache_write"}, {"calls"}, {"micro_usd"},
                                             {"fork_of", 2}, {"signed_by", 3}};

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

std::int64_t milliseconds(TimePoint at)
{
    return at.time_since_epoch().count();
}

TimePoint timePoint(const QVariant& value)
{
    return TimePoint(Milliseconds(value.toLongLong()));
}

/// SQLite's primary result codes, as its documentation numbers them.
enum Sqlite { kBusy = 5, kLocked = 6, kReadOnly = 8, kIoError = 10, kCorrupt = 11, kFull = 13, kCantOpen = 14, kNoDatabase = 26 };

int resultCode(const QSqlError& error)
{
    return error.nativeErrorCode().toInt() & 0xFF; // the rest says where exactly
}

/// Reading may still work.
bool isAboutWriting(const QSqlError& error)
{
    const auto code = resultCode(error);
    return code == kReadOnly || code == kCantOpen || code == kCorrupt;
}

Error sqlError(const QSqlError& error)
{
    const auto detail = ": " + error.text().toStdString();
    switch (resultCode(error)) {
    case kBusy:
    case kLocked: return Error{ErrorCode::Unavailable, "the journal is locked by another program" + detail, {}, "Close the other program, then try again."};
    case kFull: return Error{ErrorCode::Io, "the disk with the journal is full" + detail, {}, "Free some space, then resume the run: everything recorded so far is kept."};
    case kReadOnly:
    case kCantOpen: return Error{ErrorCode::Io, "the journal cannot be written" + detail, {}, "Make its folder and its disk writable for you, then try again."};
    case kCorrupt:
    case kNoDatabase:
        return Error{ErrorCode::Protocol, "the journal is damaged" + detail, {},
                     "Move the file away to begin a new history; 'show' and 'export' give what can be read of a run, and each output folder has its own journal.jsonl."};
    default: break;
    }
    return Error{ErrorCode::Io, error.text().toStdString(), {}, "Look whether the disk is full or failing; everything recorded so far is kept."};
}

/// Rolls back unless commit() was reached.
class Transaction {
public:
    explicit Transaction(QSqlDatabase& database) : m_database(database)
    {
        QSqlQuery begin(database);
        m_open = begin.exec(QStringLiteral("BEGIN IMMEDIATE"));
        m_error = begin.lastError();
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction()
    {
        if (m_open)
            QSqlQuery(m_database).exec(QStringLiteral("ROLLBACK"));
    }
    bool isOpen() const { return m_open; }
    const QSqlError& error() const { return m_error; }
    bool commit()
    {
        QSqlQuery end(m_database);
        m_open = !end.exec(QStringLiteral("COMMIT"));
        m_error = end.lastError();
        return !m_open;
    }

private:
    QSqlDatabase& m_database;
    QSqlError m_error{};
    bool m_open = false;
};

class SqliteJournal final : public Journal {
public:
    SqliteJournal(QString connection, std::filesystem::path file) : m_connection(std::move(connection)), m_file(std::move(file)) {}
    ~SqliteJournal() override
    {
        m_insert.reset();
        database().close();
        QSqlDatabase::removeDatabase(m_connection);
    }

    Result<void> prepare()
    {
        auto opened = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
        opened.setDatabaseName(QString::fromStdString(m_file.string()));
        opened.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=5000"));
        if (!opened.open())
            return isAboutWriting(opened.lastError()) ? openForReading(opened, opened.lastError()) : sqlError(opened.lastError());
        for (const auto* pragma : {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"})
            if (QSqlQuery set(opened); !set.exec(QLatin1String(pragma)))
                return isAboutWriting(set.lastError()) ? openForReading(opened, set.lastError()) : sqlError(set.lastError());
        auto version = versionOf(opened);
        if (!version || *version == kMigrations.size())
            return version ? Result<void>() : std::move(version).error();
        if (const auto refusal = writingFails(opened); refusal.isValid())
            return openForReading(opened, refusal);
        return migrate(opened);
    }

    using Journal::append;
    Result<void> append(const std::string& runId, std::span<const RunEvent> events) override
    {
        if (m_whyReadOnly)
            return *m_whyReadOnly;
        auto db = database();
        Transaction transaction(db);
        if (!transaction.isOpen())
            return sqlError(transaction.error());
        for (const auto& event : events)
            if (auto written = insert(db, runId, event); !written)
                return written;
        if (!transaction.commit())
            return sqlError(transaction.error());
        return {};
    }

    Result<std::vector<RunEvent>> events(const std::string& runId, std::int64_t afterSeq) override
    {
        std::vector<RunEvent> events;
        if (auto damage = readInto(events, runId, afterSeq, QStringLiteral("ASC")))
            return *std::move(damage);
        return events;
    }

    Salvaged salvage(const std::string& runId) override
    {
        Salvaged salvaged;
        salvaged.damage = readInto(salvaged.events, runId, 0, QStringLiteral("ASC"));
        if (!salvaged.damage)
            return salvaged;
        std::vector<RunEvent> behind;
        (void)readInto(behind, runId, salvaged.events.empty() ? 0 : salvaged.events.back().seq, QStringLiteral("DESC"));
        salvaged.events.insert(salvaged.events.end(), std::make_move_iterator(behind.rbegin()), std::make_move_iterator(behind.rend()));
        return salvaged;
    }

    Result<std::vector<RunSummary>> runs() override
    {
        QSqlQuery query(database());
        query.setForwardOnly(true);
        if (!query.exec(selectRuns()))
            return sqlError(query.lastError());
        std::vector<RunSummary> runs;
        while (query.next()) {
            runs.push_back(summaryFrom(query));
            runs.back().isRunning = !runs.back().ending && RunLock::isHeld(m_file, runs.back().id);
        }
        return runs;
    }

    Result<std::string> findRun(const std::string& wanted) override
    {
        auto all = runs();
        if (!all)
            return std::move(all).error();
        if (wanted == "last" && !all->empty())
            return all->front().id;
        std::vector<std::string> fitting;
        for (const auto& run : *all)
            if (!wanted.empty() && run.id.starts_with(wanted))
                fitting.push_back(run.id);
        if (fitting.size() == 1 || (!fitting.empty() && fitting.back() == wanted))
            return fitting.back();
        if (fitting.empty())
            return Error{ErrorCode::NotFound, "there is no run '" + wanted + "'", {}, "'agent-pipeline runs' lists them."};
        return Error{ErrorCode::Invalid, std::to_string(fitting.size()) + " runs begin with '" + wanted + "'", {}, "Give more of the id."};
    }

private:
    QSqlDatabase database() const { return QSqlDatabase::database(m_connection, false); }

    /// In the transaction that is open.
    Result<void> insert(QSqlDatabase& db, const std::string& runId, const RunEvent& event)
    {
        if (auto noted = noteInSummary(db, runId, event); !noted)
            return noted;
        if (!m_insert) {
            m_insert = std::make_unique<QSqlQuery>(db);
            m_insert->prepare(QStringLiteral("INSERT INTO events(run_id, seq, at, type, event) VALUES(?, ?, ?, ?, ?)"));
        }
        m_insert->bindValue(0, text(runId));
        m_insert->bindValue(1, qlonglong(event.seq));
        m_insert->bindValue(2, qlonglong(milliseconds(event.at)));
        m_insert->bindValue(3, text(typeName(event.payload)));
        m_insert->bindValue(4, text(toJson(event).dump(-1, ' ', false, Json::error_handler_t::replace)));
        return m_insert->exec() ? Result<void>() : Result<void>(sqlError(m_insert->lastError()));
    }

    /// Of the columns that the file has.
    QString selectRuns() const
    {
        QStringList columns;
        for (const auto& column : kSummaryColumns)
            columns << (m_version >= column.since ? QString::fromLatin1(column.name) : QStringLiteral("''"));
        return QStringLiteral("SELECT %1 FROM runs ORDER BY started_at DESC, id DESC").arg(columns.join(QStringLiteral(", ")));
    }

    /// Events from one end, as far as they can be read; why it ended before the other end.
    std::optional<Error> readInto(std::vector<RunEvent>& events, const std::string& runId, std::int64_t afterSeq, const QString& order) const
    {
        QSqlQuery query(database());
        query.setForwardOnly(true);
        query.prepare(QStringLiteral("SELECT event FROM events WHERE run_id = ? AND seq > ? ORDER BY seq ") + order);
        query.addBindValue(text(runId));
        query.addBindValue(qlonglong(afterSeq));
        if (!query.exec())
            return sqlError(query.lastError());
        while (query.next()) {
            const auto json = Json::parse(query.value(0).toString().toStdString(), nullptr, false);
            auto event = json.is_discarded() ? Result<RunEvent>(Error{ErrorCode::Protocol, "it is no JSON"}) : parseRunEvent(json);
            if (!event)
                return std::move(event).error().during("read an event of run " + runId).advise("'show' and 'export' give what can be read of the run.");
            events.push_back(std::move(*event));
        }
        return query.lastError().isValid() ? std::optional(sqlError(query.lastError())) : std::nullopt;
    }

    /// From a disk or a folder that may only be read, or a file that was cut. The log of changes cannot be read there; what lies in it is missing.
    Result<void> openForReading(QSqlDatabase& db, const QSqlError& why)
    {
        db.close();
        if (std::error_code failed; !std::filesystem::exists(m_file, failed))
            return sqlError(why);
        db.setDatabaseName(QStringLiteral("file:%1?immutable=1").arg(QString::fromUtf8(QUrl::toPercentEncoding(QString::fromStdString(m_file.string()), "/"))));
        db.setConnectOptions(QStringLiteral("QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI"));
        if (!db.open() || !QSqlQuery(db).exec(QStringLiteral("PRAGMA writable_schema=ON"))) // else nothing is read of a file that was cut
            return sqlError(why);
        m_whyReadOnly = sqlError(why);
        const auto version = versionOf(db);
        if (!version)
            return version.error();
        m_version = *version;
        return m_version > 0 ? Result<void>() : sqlError(why); // nothing was written into it yet
    }

    /// Of the file; Invalid when it is newer than this program.
    static Result<qsizetype> versionOf(QSqlDatabase& db)
    {
        QSqlQuery version(db);
        if (!version.exec(QStringLiteral("PRAGMA user_version")) || !version.next())
            return sqlError(version.lastError());
        const auto found = qsizetype(version.value(0).toLongLong());
        if (found > kMigrations.size())
            return Error{ErrorCode::Invalid, "the journal was written by a newer version of this program", {}, "Start the newer version, or move the file away to begin a new history."};
        return found;
    }

    /// Why the file may only be read; invalid when that is not so.
    static QSqlError writingFails(QSqlDatabase& db)
    {
        const Transaction attempt(db);
        return !attempt.isOpen() && isAboutWriting(attempt.error()) ? attempt.error() : QSqlError();
    }

    static Result<void> migrate(QSqlDatabase& db)
    {
        Transaction transaction(db); // two programs may start at once
        if (!transaction.isOpen())
            return sqlError(transaction.error());
        const auto found = versionOf(db);
        if (!found)
            return found.error();
        for (auto i = *found; i < kMigrations.size(); ++i)
            for (const auto& statement : kMigrations[i].split(u';'))
                if (QSqlQuery change(db); !change.exec(statement))
                    return sqlError(change.lastError());
        if (QSqlQuery set(db); !set.exec(QStringLiteral("PRAGMA user_version=%1").arg(kMigrations.size())))
            return sqlError(set.lastError());
        if (!transaction.commit())
            return sqlError(transaction.error());
        return {};
    }

    /// Keeps the line of the history true in the same transaction as the event.
    static Result<void> noteInSummary(QSqlDatabase& db, const std::string& runId, const RunEvent& event)
    {
        QSqlQuery query(db);
        if (event.seq == 1) {
            query.prepare(QStringLiteral("INSERT INTO runs(id, started_at) VALUES(?, ?)"));
            query.addBindValue(text(runId));
            query.addBindValue(qlonglong(milliseconds(event.at)));
            if (!query.exec())
                return sqlError(query.lastError());
        }
        if (const auto* started = std::get_if<RunStarted>(&event.payload)) {
            query.prepare(QStringLiteral("UPDATE runs SET title = ?, mode = ?, model = ?, output = ?, fork_of = ?, signed_by = ? WHERE id = ?"));
            for (const auto& value : {text(started->title), text(slug(started->mode)), text(started->model), text(started->output), text(started->forkOf), text(started->signedBy)})
                query.addBindValue(value);
        } else if (const auto* finished = std::get_if<RunFinished>(&event.payload)) {
            query.prepare(QStringLiteral("UPDATE runs SET finished_at = ?, ending = ? WHERE id = ?"));
            query.addBindValue(qlonglong(milliseconds(event.at)));
            query.addBindValue(text(slug(finished->ending)));
        } else if (std::holds_alternative<RunResumed>(event.payload)) {
            query.prepare(QStringLiteral("UPDATE runs SET finished_at = NULL, ending = NULL WHERE id = ?"));
        } else if (const auto* turn = std::get_if<TurnFinished>(&event.payload)) {
            query.prepare(QStringLiteral("UPDATE runs SET input_tokens = input_tokens + ?, output_tokens = output_tokens + ?, cache_read = cache_read + ?,"
                                         " cache_write = cache_write + ?, calls = calls + ?, micro_usd = micro_usd + ? WHERE id = ?"));
            const auto& usage = turn->usage;
            for (const auto value : {usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens + usage.cacheWrite1hTokens,
                                     usage.calls, turn->cost.microUsd})
                query.addBindValue(qlonglong(value));
        } else {
            return {};
        }
        query.addBindValue(text(runId));
        if (!query.exec())
            return sqlError(query.lastError());
        return {};
    }

    static RunSummary summaryFrom(const QSqlQuery& query)
    {
        RunSummary run;
        run.id = query.value(0).toString().toStdString();
        run.title = query.value(1).toString().toStdString();
        for (const auto mode : {RunMode::Full, RunMode::Stages, RunMode::Review})
            if (text(slug(mode)) == query.value(2).toString())
                run.mode = mode;
        run.startedAt = timePoint(query.value(3));
        if (!query.value(4).isNull())
            run.finishedAt = timePoint(query.value(4));
        for (const auto ending : {RunEnding::Completed, RunEnding::Failed, RunEnding::InvalidInput, RunEnding::CompletedWithWaivers, RunEnding::LimitReached,
                                  RunEnding::EnvironmentProblem, RunEnding::ProviderGaveUp, RunEnding::WaitingAtGate, RunEnding::Stopped})
            if (text(slug(ending)) == query.value(5).toString())
                run.ending = ending;
        run.model = query.value(6).toString().toStdString();
        run.output = query.value(7).toString().toStdString();
        run.usage = {.inputTokens = query.value(8).toLongLong(), .outputTokens = query.value(9).toLongLong(), .cacheReadTokens = query.value(10).toLongLong(),
                     .cacheWriteTokens = query.value(11).toLongLong(), .calls = query.value(12).toLongLong()};
        run.cost = {query.value(13).toLongLong()};
        run.forkOf = query.value(14).toString().toStdString();
        run.signedBy = query.value(15).toString().toStdString();
        return run;
    }

    const QString m_connection;
    const std::filesystem::path m_file;
    std::optional<Error> m_whyReadOnly{}; ///< nothing can be written
    qsizetype m_version = kMigrations.size();
    std::unique_ptr<QSqlQuery> m_insert; // prepared once: it is what a run does most
};

} // namespace

Result<std::unique_ptr<Journal>> openSqliteJournal(const std::filesystem::path& file)
{
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    std::filesystem::permissions(file.parent_path(), std::filesystem::perms::owner_all, failed);
    static QAtomicInteger<unsigned> count; // a connection's name must be its own, whichever thread asks
    auto journal = std::make_unique<SqliteJournal>(QStringLiteral("journal-%1").arg(count.fetchAndAddRelaxed(1)), file);
    // Made by us and for us alone; SQLite gives its log and index the permissions of the file.
    if (const int made = ::open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600); made >= 0)
        ::close(made);
    if (auto prepared = journal->prepare(); !prepared)
        return std::move(prepared).error().during("open the journal " + file.string());
    return std::unique_ptr<Journal>(std::move(journal));
}

} // namespace aap
