#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/base/result.h"
#include "core/base/secret.h"

namespace aap {

/// A secret that the project itself needs, and where its value is kept. The value stands nowhere in the settings.
struct SecretSource {
    enum class From { Variable, File, Keychain };
    std::string name{}; ///< of its file in /run/secrets
    From from = From::Keychain;
    std::string where{}; ///< the variable's name, or an absolute path; empty for the keychain

    /// "DB_PASSWORD=env:DATABASE_PASSWORD", "TLS_KEY=file:/home/me/key.pem", "TOKEN=keychain". Invalid otherwise.
    static Result<SecretSource> parse(std::string_view text);
    std::string text() const;
    /// Its account there.
    std::string account() const { return "secret." + name; }
};

/// By name. Surrounding white space is not part of a value.
using ProjectSecrets = std::map<std::string, ApiKey>;

/// What is wrong with the setting sandbox.secrets, a clause, or "".
std::string wrongWithSecretSources(const Json& value);

/// `keychain` may be empty: then a secret that is kept there is Unavailable. Blocks (files, keychain). Errors name the secret and never show
/// a value: NotFound (variable, file or account), Invalid (shorter than 8 characters: it could not be kept out of texts; longer than 64 KiB).
Result<ProjectSecrets> readProjectSecrets(const std::vector<std::string>& sources, const Environment& environment,
                                          const std::function<Result<ApiKey>(const std::string& account)>& keychain);
Result<ApiKey> readSecret(const SecretSource& source, const Environment& environment, const std::function<Result<ApiKey>(const std::string& account)>& keychain);

/// What must appear nowhere: the values, and of one with several lines each longer line.
std::vector<std::string> textsToHide(const ProjectSecrets& secrets);

/// A secret in a list of sources replaced or, without one, taken out.
std::vector<std::string> withSecretSource(std::vector<std::string> sources, const std::string& name, const std::string& source);

} // namespace aap
