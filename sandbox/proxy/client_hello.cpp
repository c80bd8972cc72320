#include "sandbox/proxy/client_hello.h"

namespace aap::proxy {
namespace {

constexpr unsigned char kHandshake = 22;
constexpr unsigned char kClientHello = 1;
constexpr std::size_t kRecordHead = 5;
constexpr std::size_t kMostRecord = (16U << 10U) + 256;

/// Reads numbers and parts off the front; once something is missing it stays bad.
class Bytes {
public:
    explicit Bytes(std::string_view bytes) : m_bytes(bytes) {}
    std::size_t number(int width)
    {
        std::size_t value = 0;
        for (const char c : part(std::size_t(width)))
            value = value << 8U | static_cast<unsigned char>(c);
        return value;
    }
    std::string_view part(std::size_t length)
    {
        m_isGood = m_isGood && length <= m_bytes.size();
        const auto taken = m_isGood ? m_bytes.substr(0, length) : std::string_view();
        m_bytes.remove_prefix(taken.size());
        return taken;
    }
    std::string_view counted(int width) { return part(number(width)); }
    bool isGood() const { return m_isGood; }
    bool isEmpty() const { return m_bytes.empty(); }

private:
    std::string_view m_bytes;
    bool m_isGood = true;
};

/// The handshake message, out of its records. False: they make no sense.
bool joinRecords(std::string_view bytes, std::string& message, bool& isWhole)
{
    while (bytes.size() >= kRecordHead) {
        Bytes head(bytes);
        const auto type = head.number(1);
        const auto major = head.number(1);
        (void)head.number(1);
        const auto length = head.number(2);
        if (type != kHandshake || major != 3 || length == 0 || length > kMostRecord)
            return false;
        message += bytes.substr(kRecordHead, length);
        if (bytes.size() < kRecordHead + length)
            return true;
        if (message.size() >= 4) {
            Bytes start(message);
            if (start.number(1) != kClientHello)
                return false;
            isWhole = message.size() >= 4 + start.number(3);
            if (isWhole)
                return true;
        }
        bytes.remove_prefix(kRecordHead + length);
    }
    return true;
}

/// Of the extension server_name. False: it is none.
bool readServerName(std::string_view extension, std::string& name)
{
    Bytes list(extension);
    Bytes names(list.counted(2));
    if (!list.isGood() || !list.isEmpty() || !name.empty())
        return false;
    while (!names.isEmpty() && names.isGood()) {
        const auto type = names.number(1);
        const auto value = names.counted(2);
        if (!names.isGood() || type != 0 || value.empty() || !name.empty())
            return false;
        for (const char c : value)
            name += char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    return names.isGood();
}

bool readHello(std::string_view message, std::string& name)
{
    Bytes whole(message);
    (void)whole.number(1);
    Bytes hello(whole.counted(3));
    (void)hello.part(2 + 32);  // version, random
    (void)hello.counted(1);    // session
    (void)hello.counted(2);    // ciphers
    (void)hello.counted(1);    // compressions
    if (!hello.isGood())
        return false;
    if (hello.isEmpty())
        return true; // of old: no extensions
    Bytes extensions(hello.counted(2));
    while (!extensions.isEmpty() && extensions.isGood()) {
        const auto type = extensions.number(2);
        const auto value = extensions.counted(2);
        if (extensions.isGood() && type == 0 && !readServerName(value, name))
            return false;
    }
    return hello.isGood() && extensions.isGood();
}

} // namespace

Opening openingOf(std::string_view bytes)
{
    using Kind = Opening::Kind;
    if (bytes.empty())
        return {};
    if (static_cast<unsigned char>(bytes.front()) != kHandshake)
        return {.kind = Kind::Plain};
    std::string message;
    bool isWhole = false;
    if (!joinRecords(bytes, message, isWhole) || (!isWhole && bytes.size() >= kMostHelloBytes))
        return {.kind = Kind::Broken};
    if (!isWhole)
        return {};
    Opening opening{.kind = Kind::Tls};
    if (!readHello(message, opening.serverName))
        opening.kind = Kind::Broken;
    return opening;
}

} // namespace aap::proxy
