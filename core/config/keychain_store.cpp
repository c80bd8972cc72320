#include "core/config/keychain_store.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <type_traits>

#include <fmt/format.h>
#include <qt6keychain/keychain.h>

namespace aap {
namespace {

const QString kService = QStringLiteral("agent-pipeline");
constexpr auto kElsewhere = "Unlock or start the keyring of your session (for example gnome-keyring), or set ANTHROPIC_API_KEY or "
                            "ANTHROPIC_API_KEY_FILE instead.";

Error errorOf(const QKeychain::Job& job)
{
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return Error{ErrorCode::NotFound, "the keychain has no such entry"};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return Error{ErrorCode::Unauthorized, "the keychain refused access", {}, kElsewhere};
    default: // a missing secret service is reported as "other error"
        return Error{ErrorCode::Unavailable, fmt::format("the keychain cannot be used: {}", job.errorString().toStdString()), {}, kElsewhere};
    }
}

} // namespace

/// Where the keychain's thread leaves the outcome. Shared, because a caller may leave first.
struct KeychainStore::Waiting {
    std::mutex mutex{};
    std::condition_variable_any arrived{};
    std::optional<Result<std::string>> outcome{}; // guarded by mutex
};

KeychainStore::KeychainStore(Milliseconds patience) : m_patience(patience), m_inThread(std::make_unique<QObject>())
{
    m_inThread->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("keychain"));
    m_thread.start();
}

KeychainStore::~KeychainStore()
{
    m_thread.quit();
    m_thread.wait();
}

template <typename Job, typename Prepare>
Result<std::string> KeychainStore::perform(const Prepare& prepare, const std::stop_token& stop)
{
    const auto waiting = std::make_shared<Waiting>();
    QMetaObject::invokeMethod(m_inThread.get(), [waiting, prepare] {
        auto* job = new Job(kService); // deletes itself when it has finished, however late
        job->setInsecureFallback(false);
        prepare(*job);
        QObject::connect(job, &QKeychain::Job::finished, job, [waiting, job] {
            Result<std::string> outcome{std::string()};
            if (job->error() != QKeychain::NoError)
                outcome = errorOf(*job);
            else if constexpr (std::is_same_v<Job, QKeychain::ReadPasswordJob>)
                outcome = job->textData().toStdString();
            const std::lock_guard lock(waiting->mutex);
            waiting->outcome = std::move(outcome);
            waiting->arrived.notify_all();
        });
        job->start();
    }, Qt::QueuedConnection);

    std::unique_lock lock(waiting->mutex);
    if (waiting->arrived.wait_for(lock, stop, m_patience, [&] { return waiting->outcome.has_value(); }))
        return *std::move(waiting->outcome);
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while waiting for the keychain"};
    return Error{ErrorCode::Timeout, "the keychain does not answer", {}, kElsewhere};
}

Result<ApiKey> KeychainStore::read(const std::string& account, const std::stop_token& stop)
{
    auto text = perform<QKeychain::ReadPasswordJob>(
        [account](QKeychain::Job& job) { job.setKey(QString::fromStdString(account)); }, stop);
    if (!text)
        return std::move(text).error();
    return ApiKey(*text);
}

Result<void> KeychainStore::write(const std::string& account, const ApiKey& secret, const std::stop_token& stop)
{
    const auto written = perform<QKeychain::WritePasswordJob>(
        [account, secret](QKeychain::WritePasswordJob& job) {
            job.setKey(QString::fromStdString(account));
            job.setTextData(QString::fromStdString(secret.reveal()));
        },
        stop);
    return written ? Result<void>() : Result<void>(written.error());
}

Result<void> KeychainStore::remove(const std::string& account, const std::stop_token& stop)
{
    const auto removed = perform<QKeychain::DeletePasswordJob>(
        [account](QKeychain::Job& job) { job.setKey(QString::fromStdString(account)); }, stop);
    return removed ? Result<void>() : Result<void>(removed.error());
}

} // namespace aap
