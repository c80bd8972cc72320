#pragma once

#include <stop_token>
#include <string>

#include "core/base/result.h"
#include "core/base/secret.h"

namespace aap {

/// Keeps secrets by the name of the setting they belong to. Every call blocks, ends by a deadline and obeys the stop_token; any
/// thread may call. Errors: NotFound (never kept), Unavailable (there is no store), Unauthorized (the user or the store said no),
/// Timeout, Stopped.
class SecretStore {
public:
    SecretStore() = default;
    SecretStore(const SecretStore&) = delete;
    SecretStore& operator=(const SecretStore&) = delete;
    virtual ~SecretStore() = default;

    virtual Result<ApiKey> read(const std::string& account, const std::stop_token& stop) = 0;
    virtual Result<void> write(const std::string& account, const ApiKey& secret, const std::stop_token& stop) = 0;
    virtual Result<void> remove(const std::string& account, const std::stop_token& stop) = 0;
};

} // namespace aap
