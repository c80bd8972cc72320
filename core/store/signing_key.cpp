#include "core/store/signing_key.h"

#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include <fmt/format.h>

#include <QByteArray>

#include "core/base/files.h"
#include "core/base/paths.h"
#include "core/config/secret_store.h"

namespace aap {
namespace {

static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64);

/// What a key is made of; every copy is overwritten when it dies.
struct Seed {
    std::array<unsigned char, crypto_sign_SEEDBYTES> bytes{};

    Seed() = default;
    Seed(const Seed&) = default;
    Seed& operator=(const Seed&) = default;
    ~Seed() { sodium_memzero(bytes.data(), bytes.size()); }
};

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

/// Where the secret half is: a line of the file.
constexpr std::string_view kInKeychain = "keychain ";

/// One for each key, so that whoever makes one at the same moment disturbs nobody.
std::string keychainAccount(const std::string& publicKey)
{
    return "signing_key " + publicKey;
}

std::string publicHalf(const Seed& seed)
{
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
    crypto_sign_seed_keypair(open.data(), secret.data(), seed.bytes.data());
    sodium_memzero(secret.data(), secret.size());
    return toBase64(open.data(), open.size());
}

/// Nothing when it is no secret half.
std::optional<Seed> seedIn(const std::string& text)
{
    auto bytes = fromBase64(text);
    if (bytes.size() != qsizetype(crypto_sign_SEEDBYTES))
        return std::nullopt;
    Seed seed{};
    std::memcpy(seed.bytes.data(), bytes.constData(), seed.bytes.size());
    sodium_memzero(bytes.data(), std::size_t(bytes.size()));
    return seed;
}

/// Whether it is there now: read back, because some keychains accept and forget.
bool isKept(const Seed& seed, SecretStore& keychain, const std::stop_token& stop)
{
    const auto account = keychainAccount(publicHalf(seed));
    const ApiKey secret(toBase64(seed.bytes.data(), seed.bytes.size()));
    if (!keychain.write(account, secret, stop))
        return false;
    const auto kept = keychain.read(account, stop);
    return kept && kept->reveal() == secret.reveal();
}

/// What the file says of a key.
std::string keyLine(const Seed& seed, bool isInKeychain)
{
    return (isInKeychain ? std::string(kInKeychain) + publicHalf(seed) : toBase64(seed.bytes.data(), seed.bytes.size())) + '\n';
}

/// Whole or not at all, beside everybody else who may do the same at this moment: whoever is first wins.
Result<void> writeNewFile(const std::filesystem::path& file, const std::string& text)
{
    const auto beside = file.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(randombytes_random());
    const int opened = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool isWritten = opened >= 0 && ::write(opened, text.data(), text.size()) == ssize_t(text.size()) && ::fsync(opened) == 0
        && (::link(beside.c_str(), file.c_str()) == 0 || errno == EEXIST);
    const int failed = errno;
    if (opened >= 0) {
        ::close(opened);
        ::unlink(beside.c_str());
    }
    if (isWritten)
        return {};
    return Error{ErrorCode::Io, "cannot write the key " + file.string() + ": " + std::strerror(failed), {}, "Look whether the folder can be written to."};
}

Result<void> makeKey(const std::filesystem::path& file, SecretStore* keychain, const std::stop_token& stop)
{
    if (auto made = makePrivateFolder(file.parent_path()); !made)
        return made;
    Seed seed{};
    randombytes_buf(seed.bytes.data(), seed.bytes.size());
    auto text = keyLine(seed, keychain && isKept(seed, *keychain, stop));
    auto written = writeNewFile(file, text);
    sodium_memzero(text.data(), text.size());
    return written;
}

/// The line of a file that is its owner's alone.
Result<std::string> readKeyLine(const std::filesystem::path& file)
{
    struct stat status {};
    if (::lstat(file.c_str(), &status) != 0 && errno == ENOENT)
        return Error{ErrorCode::NotFound, "there is no key " + file.string()};
    if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & 0077U) != 0)
        return Error{ErrorCode::Unauthorized, "the key " + file.string() + " is not yours alone", {}, std::string(kKeyRemedy)};
    auto text = readFile(file, 1024);
    if (!text)
        return Error(text.error()).during("read the key to sign with");
    return text->substr(0, text->find('\n'));
}

Error noKeyIn(const std::string& where)
{
    return Error{ErrorCode::Invalid, where + " holds no key", {}, std::string(kKeyRemedy)};
}

Result<Seed> keptSeed(const std::string& publicKey, const std::filesystem::path& file, SecretStore* keychain, const std::stop_token& stop)
{
    auto secret = keychain ? keychain->read(keychainAccount(publicKey), stop) : Result<ApiKey>(Error{ErrorCode::Unavailable, "no keychain is asked"});
    if (!secret) {
        Error error = std::move(secret).error();
        error.remedy = fmt::format("Unlock or start the keyring of your session; or move {} away to have a new key made.", file.string());
        return std::move(error).during("read the key to sign with from the keychain");
    }
    const auto seed = seedIn(secret->reveal());
    return seed && publicHalf(*seed) == publicKey ? Result<Seed>(*seed) : noKeyIn("the keychain");
}

} // namespace

SigningKey::SigningKey(const std::array<unsigned char, 32>& seed)
{
    std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
    crypto_sign_seed_keypair(open.data(), m_secret.data(), seed.data());
    m_public = toBase64(open.data(), open.size());
}

SigningKey::SigningKey(SigningKey&& other) noexcept : m_secret(other.m_secret), m_public(std::move(other.m_public))
{
    sodium_memzero(other.m_secret.data(), other.m_secret.size());
}

SigningKey::~SigningKey()
{
    sodium_memzero(m_secret.data(), m_secret.size());
}

Result<SigningKey> SigningKey::open(const std::filesystem::path& file, SecretStore* keychain, const std::stop_token& stop)
{
    if (sodium_init() < 0)
        return Error{ErrorCode::Bug, "libsodium cannot be started"};
    auto line = readKeyLine(file);
    if (!line && line.error().code == ErrorCode::NotFound) {
        if (auto made = makeKey(file, keychain, stop); !made)
            return std::move(made).error().during("make a key to sign with");
        line = readKeyLine(file);
    }
    if (!line)
        return std::move(line).error();
    const bool isInKeychain = line->starts_with(kInKeychain);
    const auto there = isInKeychain ? std::nullopt : seedIn(*line);
    if (!isInKeychain && !there)
        return noKeyIn(file.string());
    auto seed = there ? Result<Seed>(*there) : keptSeed(line->substr(kInKeychain.size()), file, keychain, stop);
    if (!seed)
        return std::move(seed).error();
    if (there && keychain && isKept(*there, *keychain, stop))
        if (auto moved = writeFileAtomically(file, keyLine(*there, true), FileMode::Private); !moved)
            return std::move(moved).error().during("move the key to the keychain");
    SigningKey key(seed->bytes);
    return key;
}

Result<std::string> SigningKey::publicKeyIn(const std::filesystem::path& file)
{
    const auto line = sodium_init() < 0 ? Result<std::string>(Error{ErrorCode::Bug, "libsodium cannot be started"}) : readKeyLine(file);
    if (!line)
        return line.error();
    if (line->starts_with(kInKeychain))
        return line->substr(kInKeychain.size());
    const auto seed = seedIn(*line);
    return seed ? Result<std::string>(publicHalf(*seed)) : noKeyIn(file.string());
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
