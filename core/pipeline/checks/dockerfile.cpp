#include "core/pipeline/checks/dockerfile.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

namespace aap {
namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string upper(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::string_view firstWord(std::string_view text)
{
    const auto end = std::find_if(text.begin(), text.end(), isBlank);
    return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

/// `# syntax=…` and `# escape=…` count only before everything else.
bool isDirective(std::string_view comment)
{
    std::string squeezed;
    for (const char c : comment.substr(1))
        if (!isBlank(c))
            squeezed += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return squeezed.starts_with("syntax=") || squeezed.starts_with("escape=") || squeezed.starts_with("check=");
}

bool hasHeredoc(std::string_view text)
{
    for (std::size_t at = text.find("<<"); at != std::string_view::npos; at = text.find("<<", at + 2)) {
        std::size_t next = at + 2;
        if (next < text.size() && text[next] == '<') { // a here-string is one line
            at = next;
            continue;
        }
        while (next < text.size() && (text[next] == '-' || text[next] == '"' || text[next] == '\'' || isBlank(text[next])))
            ++next;
        if (next < text.size() && (std::isalpha(static_cast<unsigned char>(text[next])) != 0 || text[next] == '_'))
            return true;
    }
    return false;
}

class DockerfileReader {
public:
    explicit DockerfileReader(std::string_view text) : m_rest(text) {}

    DockerfileReading read()
    {
        while (!m_rest.empty())
            takeLine(nextLine());
        finishInstruction();
        return std::move(m_reading);
    }

private:
    std::string_view nextLine()
    {
        ++m_line;
        const auto end = m_rest.find('\n');
        const auto line = m_rest.substr(0, end);
        m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
        return line;
    }

    /// Lines are joined as the engine joins them, without a blank in between: "US\\", "ER 0" is USER 0.
    void takeLine(std::string_view whole)
    {
        const auto content = trimmed(whole);
        if (content.empty())
            return;
        if (content.front() == '#') {
            if (m_mayBeDirective && isDirective(content))
                m_reading.findings.push_back({m_line, "Parser directives are not supported by the builder used here; remove this line."});
            return;
        }
        m_mayBeDirective = false;
        if (m_joined.empty())
            m_begin = m_line;
        const bool goesOn = content.back() == '\\';
        const auto line = whole.substr(0, static_cast<std::size_t>(content.data() - whole.data()) + content.size());
        m_joined += goesOn ? line.substr(0, line.size() - 1) : line;
        if (!goesOn)
            finishInstruction();
    }

    void finishInstruction()
    {
        auto rest = trimmed(m_joined);
        if (!rest.empty()) {
            DockerfileInstruction instruction{.line = m_begin, .keyword = upper(firstWord(rest))};
            rest = trimmed(rest.substr(firstWord(rest).size()));
            while (rest.starts_with("--") && instruction.keyword != "CMD" && instruction.keyword != "ENTRYPOINT") {
                instruction.flags.emplace_back(firstWord(rest));
                rest = trimmed(rest.substr(firstWord(rest).size()));
            }
            instruction.arguments = rest;
            refuseHeredoc(instruction);
            m_reading.instructions.push_back(std::move(instruction));
        }
        m_joined.clear();
    }

    void refuseHeredoc(const DockerfileInstruction& instruction)
    {
        static constexpr std::array kMayHave{"RUN", "COPY", "ADD"};
        const bool mayHave = std::find(kMayHave.begin(), kMayHave.end(), instruction.keyword) != kMayHave.end();
        if (mayHave && hasHeredoc(instruction.arguments))
            m_reading.findings.push_back({instruction.line, "Heredocs are not supported by the builder used here; COPY a file instead."});
    }

    std::string_view m_rest;
    std::string m_joined;
    std::size_t m_line = 0;
    std::size_t m_begin = 0;
    bool m_mayBeDirective = true;
    DockerfileReading m_reading;
};

bool namesASecret(std::string_view name)
{
    static constexpr std::array<std::string_view, 9> kParts{"PASSWORD", "PASSWD", "SECRET", "TOKEN",     "API_KEY",
                                                            "APIKEY",   "PRIVATE_KEY", "CREDENTIAL", "ACCESS_KEY"};
    static constexpr std::array<std::string_view, 7> kAbout{"_FILE", "_PATH", "_DIR", "_URL", "_NAME", "_HEADER", "_ALGORITHM"};
    const auto wide = upper(name);
    const auto within = [&wide](std::string_view part) { return wide.find(part) != std::string::npos; };
    const auto endsWith = [&wide](std::string_view end) { return wide.ends_with(end); };
    return std::any_of(kParts.begin(), kParts.end(), within) && std::none_of(kAbout.begin(), kAbout.end(), endsWith);
}

bool isNumberOrSwitch(std::string_view value)
{
    const auto wide = upper(value);
    const bool digits = value.size() <= 7
                        && std::all_of(value.begin(), value.end(), [](unsigned char c) { return std::isdigit(c) != 0 || c == '.'; });
    return digits || wide == "TRUE" || wide == "FALSE" || wide == "YES" || wide == "NO" || wide == "NONE";
}

bool isPlaceholder(std::string_view value)
{
    const auto wide = upper(value);
    return wide.starts_with("CHANGE") || wide.starts_with("YOUR") || wide.starts_with("<") || wide.starts_with("EXAMPLE")
           || wide.starts_with("XXX");
}

} // namespace

std::string findingsText(const std::vector<LintFinding>& findings)
{
    std::string text;
    for (const auto& finding : findings)
        text += finding.line == 0 ? finding.text + "\n" : fmt::format("line {}: {}\n", finding.line, finding.text);
    return text;
}

DockerfileReading readDockerfile(std::string_view text)
{
    return DockerfileReader(text).read();
}

std::string withTag(const std::string& image)
{
    const auto name = image.substr(image.rfind('/') + 1);
    return name.find(':') == name.npos && name.find('@') == name.npos ? image + ":latest" : image;
}

std::vector<std::string> dockerfileWords(std::string_view text)
{
    std::vector<std::string> words;
    std::string word;
    bool inWord = false;
    char quote = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
            word += text[++at];
            inWord = true;
        } else if (quote != 0) {
            if (c == quote)
                quote = 0;
            else
                word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            inWord = true;
        } else if (isBlank(c)) {
            if (inWord)
                words.push_back(std::exchange(word, {}));
            inWord = false;
        } else {
            word += c;
            inWord = true;
        }
    }
    if (inWord)
        words.push_back(std::move(word));
    return words;
}

bool holdsLiteralSecret(std::string_view name, std::string_view value)
{
    if (!namesASecret(name) || value.empty() || value.find('$') != std::string_view::npos || value.front() == '/')
        return false;
    return !isNumberOrSwitch(value) && !isPlaceholder(value);
}

} // namespace aap
