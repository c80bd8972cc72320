#pragma once

#include <map>
#include <optional>

#include "core/config/secret_store.h"

namespace aap {

/// A keychain that forgets with the test, or one that is broken.
class MemorySecretStore final : public SecretStore {
public:
    std::map<std::string, ApiKey> secrets{};
    std::optional<Error> broken{}; ///< every call answers this

    Result<ApiKey> read(const std::string& account, const std::stop_token& /*stop*/) override
    {
        if (broken)
            return *broken;
        const auto found = secrets.find(account);
        return found == secrets.end() ? Result<ApiKey>(Error{ErrorCode::NotFound, "the keychain has no such entry"}) : found->second;
    }
    Result<void> write(const std::string& account, const ApiKey& secret, const std::stop_token& /*stop*/) override
    {
        if (broken)
            return *broken;
        secrets[account] = secret;
        return {};
    }
    Result<void> remove(const std::string& account, const std::stop_token& /*stop*/) override
    {
        if (broken)
            return *broken;
        return secrets.erase(account) == 1 ? Result<void>() : Result<void>(Error{ErrorCode::NotFound, "the keychain has no such entry"});
    }
};

} // namespace aap
