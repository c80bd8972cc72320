#include "core/agent/shell_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace aap {
namespace {

constexpr int kDeepest = 4;                 // of shells within shells
constexpr std::size_t kMostCalls = 500;     // of a command that only wants to be long
constexpr std::ptrdiff_t kMostStarted = 200; // words of a call by a starter
constexpr std::size_t kLastProgram = 12;    // place of the program's name among a starter's words

constexpr std::array<std::string_view, 7> kShells{"sh", "bash", "dash", "zsh", "ksh", "ash", "busybox"};
constexpr std::array<std::string_view, 16> kStarters{"env",  "sudo",   "nohup",   "time", "timeout", "nice",   "ionice", "xargs",
                                                     "exec", "command", "builtin", "stdbuf", "setsid", "chroot", "watch", "find"};
constexpr std::array<std::string_view, 12> kKeywords{"if", "then", "else", "elif", "do", "while", "until", "!", "{", "}", "fi", "done"};

bool isOneOf(const auto& names, std::string_view word)
{
    return std::ranges::find(names, word) != names.end();
}

std::string_view baseName(std::string_view program)
{
    return program.substr(program.rfind('/') + 1);
}

bool isAssignment(std::string_view word)
{
    const auto equals = word.find('=');
    const auto isNameChar = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    return equals != std::string_view::npos && equals > 0 && std::ranges::all_of(word.substr(0, equals), isNameChar);
}

/// Walks through a command's text once; a substitution is walked through by another of its kind.
class ShellReader {
public:
    ShellReader(std::vector<ShellCall>& calls, int depth) : m_calls(calls), m_depth(depth) {}

    void read(std::string_view text)
    {
        m_text = text;
        for (m_at = 0; m_at < m_text.size() && m_calls.size() < kMostCalls;)
            step();
        endCall();
    }

    /// Whether something was left unread, because it lay too deep.
    bool hasMore() const { return m_hasMore; }

private:
    char here(std::size_t ahead = 0) const { return m_at + ahead < m_text.size() ? m_text[m_at + ahead] : '\0'; }

    void step()
    {
        const char c = here();
        if (c == ' ' || c == '\t' || c == '\r') {
            endWord();
            ++m_at;
        } else if (c == '\\' && here(1) == '\n') { // goes on in the next line
            m_at += 2;
        } else if (c == '#' && !m_inWord) {
            m_at = std::min(m_text.find('\n', m_at), m_text.size());
        } else if (c == '>' || c == '<') {
            redirection();
        } else if (c == '&' && here(1) == '>') {
            ++m_at;
            redirection();
        } else if (std::string_view(";&|\n()").find(c) != std::string_view::npos) {
            endCall();
            ++m_at;
        } else {
            wordPart();
        }
    }

    void wordPart()
    {
        m_inWord = true;
        switch (const char c = here()) {
        case '\'': singleQuoted(); break;
        case '"': doubleQuoted(); break;
        case '\\':
            if (here(1) != '\n')
                m_word += here(1);
            m_at = std::min(m_at + 2, m_text.size());
            break;
        case '$':
        case '`': expansion(); break;
        default:
            m_word += c;
            ++m_at;
        }
    }

    void singleQuoted()
    {
        const auto end = std::min(m_text.find('\'', m_at + 1), m_text.size());
        m_word += m_text.substr(m_at + 1, end - m_at - 1);
        m_at = std::min(end + 1, m_text.size());
    }

    void doubleQuoted()
    {
        for (++m_at; m_at < m_text.size() && here() != '"';) {
            if (here() == '\\' && std::string_view("\"\\$`").find(here(1)) != std::string_view::npos && here(1) != '\0') {
                m_word += here(1);
                m_at += 2;
            } else if (here() == '$' || here() == '`') {
                expansion();
            } else {
                m_word += here();
                ++m_at;
            }
        }
        m_at = std::min(m_at + 1, m_text.size());
    }

    /// What it becomes is unknown; what a substitution starts is not.
    void expansion()
    {
        m_word += kOpaqueWord;
        if (here() == '`') {
            const auto end = std::min(m_text.find('`', m_at + 1), m_text.size());
            inner(m_text.substr(m_at + 1, end - m_at - 1));
            m_at = std::min(end + 1, m_text.size());
        } else if (here(1) == '(') {
            const auto end = closing(m_at + 1);
            inner(m_text.substr(m_at + 2, end - m_at - 2));
            m_at = std::min(end + 1, m_text.size());
        } else if (here(1) == '{') {
            m_at = std::min(m_text.find('}', m_at), m_text.size() - 1) + 1;
        } else {
            for (++m_at; std::isalnum(static_cast<unsigned char>(here())) != 0 || here() == '_';)
                ++m_at;
        }
    }

    /// Of the parenthesis at `open`, or the end.
    std::size_t closing(std::size_t open) const
    {
        int depth = 0;
        for (auto i = open; i < m_text.size(); ++i) {
            if (m_text[i] == '\\')
                ++i;
            else if (m_text[i] == '(')
                ++depth;
            else if (m_text[i] == ')' && --depth == 0)
                return i;
        }
        return m_text.size();
    }

    void redirection()
    {
        const bool isNumber = !m_word.empty() && std::ranges::all_of(m_word, [](unsigned char c) { return std::isdigit(c) != 0; });
        if (isNumber) // 2>file
            dropWord();
        endWord();
        if (here() == '<' && here(1) == '(') { // a process that is read from
            ++m_at;
            return;
        }
        while (here() == '>' || here() == '<' || here() == '&' || here() == '|')
            ++m_at;
        m_isFile = true;
    }

    void endWord()
    {
        if (!m_inWord)
            return;
        if (m_isFile)
            m_call.files.push_back(m_word);
        else
            m_call.argv.push_back(m_word);
        m_isFile = false;
        dropWord();
    }

    void dropWord()
    {
        m_word.clear();
        m_inWord = false;
    }

    void endCall()
    {
        endWord();
        m_isFile = false;
        auto call = std::exchange(m_call, {});
        const auto program = std::ranges::find_if_not(call.argv, [](const auto& word) { return isAssignment(word) || isOneOf(kKeywords, word); });
        call.argv.erase(call.argv.begin(), program);
        if (!call.argv.empty() || !call.files.empty())
            add(std::move(call));
    }

    void add(ShellCall call)
    {
        m_calls.push_back(call);
        if (call.argv.empty())
            return;
        const auto program = baseName(call.argv.front());
        if (program == "eval")
            inner(joined(call.argv, 1));
        if (isOneOf(kShells, program))
            for (std::size_t i = 1; i + 1 < call.argv.size(); ++i)
                if (call.argv[i].starts_with('-') && !call.argv[i].starts_with("--") && call.argv[i].ends_with('c'))
                    inner(call.argv[i + 1]);
        if (!isOneOf(kStarters, program) && program != "busybox")
            return;
        for (std::size_t i = 1; i < std::min(call.argv.size(), kLastProgram) && m_calls.size() < kMostCalls; ++i) {
            const auto first = call.argv.begin() + std::ptrdiff_t(i);
            if (!first->starts_with('-') && !isAssignment(*first))
                started({.argv = {first, first + std::min(call.argv.end() - first, kMostStarted)}, .files = {}});
        }
    }

    /// By a starter; it may be a shell or a starter itself, which a reader of its own finds out.
    void started(ShellCall call)
    {
        if (m_depth >= kDeepest) {
            m_hasMore = true;
            return;
        }
        ShellReader reader(m_calls, m_depth + 1);
        reader.add(std::move(call));
        m_hasMore = m_hasMore || reader.m_hasMore;
    }

    void inner(std::string_view text)
    {
        if (m_depth >= kDeepest) {
            m_hasMore = true;
            return;
        }
        ShellReader reader(m_calls, m_depth + 1);
        reader.read(text);
        m_hasMore = m_hasMore || reader.m_hasMore;
    }

    static std::string joined(const std::vector<std::string>& words, std::size_t first)
    {
        std::string text;
        for (auto i = first; i < words.size(); ++i)
            text += (i > first ? " " : "") + words[i];
        return text;
    }

    std::vector<ShellCall>& m_calls;
    const int m_depth;
    std::string_view m_text{};
    std::size_t m_at = 0;
    ShellCall m_call{};
    std::string m_word{};
    bool m_inWord = false;
    bool m_isFile = false;
    bool m_hasMore = false;
};

} // namespace

std::vector<ShellCall> shellCalls(std::string_view command)
{
    std::vector<ShellCall> calls;
    ShellReader reader(calls, 0);
    reader.read(command);
    if (reader.hasMore() || calls.size() >= kMostCalls)
        calls.push_back({.argv = {std::string(1, kOpaqueWord)}, .files = {}});
    return calls;
}

} // namespace aap
