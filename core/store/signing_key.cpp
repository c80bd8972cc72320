#include "core/store/signing_key.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include <QByteArray>

#include "core/base/files.h"
#include "core/base/paths.h"

namespace aap {
namespace {

static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64);

using Seed = std::array<unsigned char, crypto_sign_SEEDBYTES>;

constexpr std::string_view kKeyRemedy = "Close the file to others with 'chmod 600', or move it away to have a new key made.";

QByteArray fromBase64(const std::string& text)
{
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(text), QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? decoded.decoded : QByteArray();
}

std::string toBase64(const unsigned char* bytes, std::size_t count)
{
    return QByteArray(reinterpret_cast<const char*>(bytes), qsizetype(count)).toBase64().toStdString();
}

/// Beside everybody else who may do the same at this moment: whoever is first wins.
Result<void> makeKeyFile(const std::filesystem::path& file)
{
    if (auto made = makePrivateFolder(file.parent_path()); !made)
        return made;
    Seed seed{};
    randombytes_buf(seed.data(), seed.size());
    auto text = toBase64(seed.data(), seed.size()) + '\n';
    sodium_memzero(seed.data(), seed.size());
    const int opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool isWritten = opened >= 0 && ::write(opened, text.data(), text.size()) == ssize_t(text.size()) && ::fsync(opened) == 0;
    const int failed = errno;
    if (opened >= 0)
        ::close(opened);
    sodium_memzero(text.data(), text.size());
    if (isWritten || (opened < 0 && failed == EEXIST))
        return {};
    if (opened >= 0)
        ::unlink(file.c_str());
    return Error{ErrorCode::Io, "cannot write the key " + file.string() + ": " + std::strerror(failed), {}, "Look whether the folder can be written to."};
}

} // namespace

SigningKey::SigningKey(const std::array<unsigned char, 32>& seed)
{
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> publicHalf{};
    crypto_sign_seed_keypair(publicHalf.data(), m_secret.data(), seed.data());
    m_public = toBase64(publicHalf.data(), publicHalf.size());
}

SigningKey::SigningKey(SigningKey&& other) noexcept : m_secret(other.m_secret), m_public(std::move(other.m_public))
{
    sodium_memzero(other.m_secret.data(), other.m_secret.size());
}

SigningKey::~SigningKey()
{
    sodium_memzero(m_secret.data(), m_secret.size());
}

Result<SigningKey> SigningKey::open(const std::filesystem::path& file)
{
    if (sodium_init() < 0)
        return Error{ErrorCode::Bug, "libsodium cannot be started"};
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0)
        if (auto made = makeKeyFile(file); !made)
            return std::move(made).error().during("make a key to sign with");
    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 0077U) != 0)
        return Error{ErrorCode::Unauthorized, "the key " + file.string() + " is not yours alone", {}, std::string(kKeyRemedy)};
    const auto text = readFile(file, 1024);
    if (!text)
        return Error(text.error()).during("read the key to sign with");
    auto bytes = fromBase64(text->substr(0, text->find('\n')));
    if (bytes.size() != qsizetype(crypto_sign_SEEDBYTES))
        return Error{ErrorCode::Invalid, file.string() + " holds no key", {}, std::string(kKeyRemedy)};
    Seed seed{};
    std::memcpy(seed.data(), bytes.constData(), seed.size());
    sodium_memzero(bytes.data(), std::size_t(bytes.size()));
    SigningKey key(seed);
    sodium_memzero(seed.data(), seed.size());
    return key;
}

std::string SigningKey::sign(std::string_view message) const
{
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr, reinterpret_cast<const unsigned char*>(message.data()), message.size(), m_secret.data());
    return toBase64(signature.data(), signature.size());
}

bool isSignedBy(const std::string& publicKey, std::string_view message, const std::string& signature)
{
    const auto key = fromBase64(publicKey);
    const auto made = fromBase64(signature);
    if (sodium_init() < 0 || key.size() != qsizetype(crypto_sign_PUBLICKEYBYTES) || made.size() != qsizetype(crypto_sign_BYTES))
        return false;
    const auto* bytes = reinterpret_cast<const unsigned char*>(made.constData());
    return crypto_sign_verify_detached(bytes, reinterpret_cast<const unsigned char*>(message.data()), message.size(),
                                       reinterpret_cast<const unsigned char*>(key.constData()))
        == 0;
}

std::string fingerprintOf(const std::string& publicKey)
{
    const auto hash = sha256(publicKey).substr(0, 32);
    std::string groups;
    for (std::size_t i = 0; i < hash.size(); i += 4)
        groups += (i == 0 ? "" : " ") + hash.substr(i, 4);
    return groups;
}

} // namespace aap
