#include "sandbox/porter/porter_talk.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "sandbox/porter/words.h"

namespace aap {
namespace {

using namespace porter;

constexpr std::int64_t kPulseTolerance = 20; // they come in a burst after the machine has slept
constexpr std::size_t kMostTexts = 8192;

bool isText(const std::string& text)
{
    return text.find('\0') == std::string::npos;
}

std::string header(char type, std::uint32_t number, std::size_t length)
{
    std::string bytes(kHeaderBytes, type);
    putNumber(bytes.data() + 1, number);
    putNumber(bytes.data() + 5, std::uint32_t(length));
    return bytes;
}

void addNumber(std::string& bytes, std::size_t number)
{
    bytes.resize(bytes.size() + sizeof(std::uint32_t));
    putNumber(bytes.data() + bytes.size() - sizeof(std::uint32_t), std::uint32_t(number));
}

void addText(std::string& bytes, const std::string& text)
{
    bytes += text;
    bytes += '\0';
}

/// How much may follow a header; nothing for a type that there is not.
std::optional<std::pair<std::size_t, std::size_t>> lengthsOf(char type)
{
    switch (type) {
    case kBegun:
    case kRefused:
    case kPulse:
        return std::pair<std::size_t, std::size_t>(0, 0);
    case kOutput:
    case kError:
        return std::pair<std::size_t, std::size_t>(1, kMostOutputBytes);
    case kEnded:
        return std::pair<std::size_t, std::size_t>(kEndBytes, kEndBytes);
    default:
        return std::nullopt;
    }
}

Error lie(const char* what)
{
    return Error{ErrorCode::Protocol, fmt::format("the sandbox's porter sent {}", what)};
}

} // namespace

bool PorterTalk::carries(const Command& command)
{
    if (command.argv.size() > kMostTexts || command.environment.size() > kMostTexts || !isText(command.workdir)
        || command.timeout.count() < 0 || command.timeout.count() > std::numeric_limits<std::int32_t>::max())
        return false;
    std::size_t bytes = 64 + command.workdir.size() + command.input.size();
    bool areTexts = true;
    for (const auto& word : command.argv) {
        bytes += word.size() + 1;
        areTexts = areTexts && isText(word);
    }
    for (const auto& [name, value] : command.environment) {
        bytes += name.size() + value.size() + 2;
        areTexts = areTexts && isText(name) && isText(value) && !name.empty();
    }
    return areTexts && bytes <= kMostRequestBytes;
}

std::string PorterTalk::request(const Command& command) const
{
    std::string payload;
    addNumber(payload, std::size_t(command.timeout.count()));
    addNumber(payload, command.environment.size());
    addNumber(payload, command.argv.size());
    addText(payload, command.workdir);
    for (const auto& [name, value] : command.environment)
        addText(payload, name + "=" + value);
    for (const auto& word : command.argv)
        addText(payload, word);
    payload += command.input;
    return header(kRun, m_number, payload.size()) + payload;
}

std::string PorterTalk::killing() const
{
    return header(kKill, m_number, 0);
}

Result<void> PorterTalk::feed(std::string_view bytes, Milliseconds elapsed, const ExecStream::OnOutput& onOutput)
{
    while (!bytes.empty()) {
        if (isOver())
            return lie("something after its last word");
        const auto target = m_wanted == 0 ? kHeaderBytes : m_wanted;
        const auto piece = bytes.substr(0, target - m_frame.size());
        m_frame += piece;
        bytes.remove_prefix(piece.size());
        if (m_wanted == 0 && m_frame.size() == kHeaderBytes)
            if (auto read = readHeader(elapsed); !read)
                return read;
        if (m_wanted != 0 && m_frame.size() == m_wanted)
            if (auto taken = take(onOutput); !taken)
                return taken;
    }
    return {};
}

Result<void> PorterTalk::readHeader(Milliseconds elapsed)
{
    const char type = m_frame[0];
    const auto length = numberAt<std::uint32_t>(m_frame.data() + 5);
    const auto lengths = lengthsOf(type);
    if (!lengths || length < lengths->first || length > lengths->second)
        return lie("a frame that there is not");
    if (numberAt<std::uint32_t>(m_frame.data() + 1) != m_number)
        return lie("a frame of another command");
    const bool comesFirst = type == kBegun || type == kRefused;
    if (comesFirst == m_hasBegun)
        return lie("a frame out of order");
    if (type == kPulse && ++m_pulses > elapsed.count() / 100 + kPulseTolerance)
        return lie("too many signs of life");
    m_wanted = kHeaderBytes + length;
    return {};
}

Result<void> PorterTalk::take(const ExecStream::OnOutput& onOutput)
{
    const auto payload = std::string_view(m_frame).substr(kHeaderBytes);
    Result<void> taken;
    switch (m_frame[0]) {
    case kBegun: m_hasBegun = true; break;
    case kRefused: m_wasRefused = true; break;
    case kOutput: onOutput(ExecStream::Source::Output, payload); break;
    case kError: onOutput(ExecStream::Source::Error, payload); break;
    case kEnded: taken = takeEnd(); break;
    default: break; // a sign of life
    }
    m_frame.clear();
    m_wanted = 0;
    return taken;
}

Result<void> PorterTalk::takeEnd()
{
    const char* at = m_frame.data() + kHeaderBytes;
    const auto how = static_cast<unsigned char>(at[0]);
    const auto code = numberAt<std::uint32_t>(at + 2);
    if (how > kByKill || static_cast<unsigned char>(at[1]) > 1 || code > 255)
        return lie("an end that there is not");
    m_end = End{.how = how, .leavesSomething = at[1] != 0, .exitCode = int(code), .cpuMicroseconds = numberAt<std::uint64_t>(at + 6), .mostKib = numberAt<std::uint64_t>(at + 14)};
    return {};
}

} // namespace aap
