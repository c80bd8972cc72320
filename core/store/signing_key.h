#pragma once

#include <array>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

class SecretStore;

/// The Ed25519 key that this user signs bundles with. The secret half lies in the keychain where one answers, else in a file that only
/// its owner can read; that file always says where it is. Its memory is overwritten when the object dies.
class SigningKey {
public:
    /// Reads it, or makes a new one when there is none. A secret half in the file moves to the keychain once one answers; `keychain`
    /// null: there is none. Blocks as the keychain does. Unauthorized: others can read the file, or the keychain refused; Invalid: the
    /// file holds no key, or the keychain another one; Unavailable, NotFound, Timeout: the keychain that has it does not give it.
    static Result<SigningKey> open(const std::filesystem::path& file, SecretStore* keychain = nullptr, const std::stop_token& stop = {});
    /// Without asking the keychain, and without making a key. NotFound: there is none yet; else as open().
    static Result<std::string> publicKeyIn(const std::filesystem::path& file);
    SigningKey(const SigningKey&) = delete;
    SigningKey& operator=(const SigningKey&) = delete;
    SigningKey(SigningKey&& other) noexcept;
    SigningKey& operator=(SigningKey&&) = delete;
    ~SigningKey();

    const std::string& publicKey() const { return m_public; } ///< Base64
    std::string sign(std::string_view message) const;         ///< Base64

private:
    explicit SigningKey(const std::array<unsigned char, 32>& seed);

    std::array<unsigned char, 64> m_secret{};
    std::string m_public{};
};

/// Whether the owner of a public key has signed exactly this. Both Base64; false for anything else.
bool isSignedBy(const std::string& publicKey, std::string_view message, const std::string& signature);

/// A public key for people to compare: the first 16 bytes of its SHA-256, "3f9a 5c1d …".
std::string fingerprintOf(const std::string& publicKey);

} // namespace aap
