#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace aap {

/// The Ed25519 key that this user signs bundles with. The secret half never leaves the object and its file; its memory is overwritten
/// when it dies.
class SigningKey {
public:
    /// Reads it, or makes a new one when there is none: a file that only its owner can read. Unauthorized: others can read it;
    /// Invalid: it holds no key.
    static Result<SigningKey> open(const std::filesystem::path& file);
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
