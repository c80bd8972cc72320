#pragma once

#include <memory>

#include <QThread>

#include "core/base/time.h"
#include "core/config/secret_store.h"

namespace aap {

/// The keyring of the user's session (GNOME Keyring, KWallet, …). Never falls back to a file in clear.
///
/// One object per process: the library below ties its queue to the thread that used it first, which this object owns. A
/// keyring that asks the user for a password may take longer than `patience`; its late answer is dropped, and calls made
/// meanwhile wait for it.
class KeychainStore final : public SecretStore {
public:
    explicit KeychainStore(Milliseconds patience = std::chrono::seconds(10));
    ~KeychainStore() override;

    Result<ApiKey> read(const std::string& account, const std::stop_token& stop) override;
    Result<void> write(const std::string& account, const ApiKey& secret, const std::stop_token& stop) override;
    Result<void> remove(const std::string& account, const std::stop_token& stop) override;

private:
    struct Waiting;
    template <typename Job, typename Prepare>
    Result<std::string> perform(const Prepare& prepare, const std::stop_token& stop);

    Milliseconds m_patience;
    QThread m_thread;
    std::unique_ptr<QObject> m_inThread; // jobs are made where this lives
};

} // namespace aap
