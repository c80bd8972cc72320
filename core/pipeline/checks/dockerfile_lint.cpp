#include "core/pipeline/checks/dockerfile_lint.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include "core/base/redact.h"

namespace aap {
namespace {

std::string lower(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::optional<unsigned> number(std::string_view text)
{
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return {};
    return value;
}

/// "8000", "8000/tcp"
std::optional<int> portOf(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash != std::string_view::npos && text.substr(slash) != "/tcp")
        return {};
    const auto value = number(text.substr(0, slash));
    if (!value || *value < 1 || *value > 65535)
        return {};
    return static_cast<int>(*value);
}

class Linter {
public:
    explicit Linter(const DockerfileRules& rules) : m_rules(rules) {}

    std::vector<LintFinding> lint(std::string_view text)
    {
        auto reading = readDockerfile(text);
        m_findings = std::move(reading.findings);
        for (const auto& instruction : reading.instructions)
            take(instruction);
        finishFile();
        for (const auto& hit : findSecrets(text))
            say(hit.line, fmt::format("This looks like a secret ({}). Take secrets from the environment at run time.", hit.kind));
        std::stable_sort(m_findings.begin(), m_findings.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
        return std::move(m_findings);
    }

private:
    void say(std::size_t line, std::string text) { m_findings.push_back({line, std::move(text)}); }

    void take(const DockerfileInstruction& it)
    {
        using Rule = void (Linter::*)(const DockerfileInstruction&);
        static constexpr std::array<std::pair<std::string_view, Rule>, 18> kRules{{
            {"FROM", &Linter::from}, {"RUN", &Linter::run}, {"COPY", &Linter::copy}, {"ADD", &Linter::add},
            {"USER", &Linter::user}, {"ENV", &Linter::settings}, {"ARG", &Linter::settings}, {"EXPOSE", &Linter::expose},
            {"LABEL", &Linter::label}, {"ONBUILD", &Linter::onBuild}, {"CMD", nullptr}, {"ENTRYPOINT", nullptr},
            {"WORKDIR", nullptr}, {"VOLUME", nullptr}, {"HEALTHCHECK", nullptr}, {"STOPSIGNAL", nullptr}, {"SHELL", nullptr},
            {"MAINTAINER", nullptr},
        }};
        const auto rule = std::find_if(kRules.begin(), kRules.end(), [&it](const auto& entry) { return entry.first == it.keyword; });
        if (rule == kRules.end())
            return say(it.line, fmt::format("There is no instruction {}.", it.keyword.substr(0, 40)));
        if (m_stages == 0 && it.keyword != "FROM" && it.keyword != "ARG")
            say(it.line, "Only ARG may stand before the first FROM.");
        if (it.arguments.find("docker.sock") != std::string::npos)
            say(it.line, "The engine's socket has no place in an image.");
        if (rule->second != nullptr)
            (this->*rule->second)(it);
    }

    void from(const DockerfileInstruction& it)
    {
        const auto words = dockerfileWords(it.arguments);
        ++m_stages;
        m_userLine = 0;
        m_exposed.clear();
        if (words.empty() || (words.size() != 1 && (words.size() != 3 || lower(words[1]) != "as")))
            return say(it.line, "Write FROM image, or FROM image AS stage.");
        if (words[0].find('$') != std::string::npos)
            say(it.line, "FROM must name its image itself, not a variable.");
        else if (!isStage(words[0]) && !isAllowed(words[0]))
            say(it.line, fmt::format("The base image \"{}\" is not allowed; use one of: {}.", words[0], fmt::join(m_rules.baseImages, ", ")));
        m_names.push_back(words.size() == 3 ? lower(words[2]) : std::string());
    }

    bool isStage(const std::string& name) const
    {
        return !name.empty() && std::find(m_names.begin(), m_names.end(), lower(name)) != m_names.end();
    }
    bool isAllowed(const std::string& image) const
    {
        const auto same = [&image](const std::string& allowed) { return withTag(allowed) == withTag(image); };
        return std::any_of(m_rules.baseImages.begin(), m_rules.baseImages.end(), same);
    }
    /// An earlier stage by its name or its number: what `--from` may say.
    bool isSource(const std::string& name) const
    {
        const auto index = number(name);
        return isStage(name) || (index && *index + 1 < m_stages);
    }

    void run(const DockerfileInstruction& it)
    {
        for (const auto& flag : it.flags) {
            if (flag.starts_with("--security"))
                say(it.line, "A build step may not ask for more rights (--security).");
            else if (flag.starts_with("--network"))
                say(it.line, "A build step may not choose its network; builds have none.");
            else if (flag.starts_with("--mount"))
                mount(it, flag);
            else
                say(it.line, fmt::format("RUN knows no option {}.", flag));
        }
        if (it.arguments.find("--privileged") != std::string::npos)
            say(it.line, "Nothing in an image may run with --privileged.");
    }

    void mount(const DockerfileInstruction& it, const std::string& flag)
    {
        const auto from = flag.find("from=");
        const auto source = from == std::string::npos ? std::string() : flag.substr(from + 5, flag.find(',', from) - from - 5);
        if (!source.empty() && !isSource(source))
            say(it.line, fmt::format("\"{}\" is no earlier stage; a build step may mount nothing from outside.", source));
        else
            say(it.line, "The builder used here knows no --mount; COPY what the step needs.");
    }

    void copy(const DockerfileInstruction& it)
    {
        for (const auto& flag : it.flags)
            if (flag.starts_with("--from=") && !isSource(flag.substr(7)))
                say(it.line, fmt::format("COPY {} names no earlier stage.", flag));
    }

    void add(const DockerfileInstruction& it)
    {
        static constexpr std::array<std::string_view, 5> kRemote{"http://", "https://", "ftp://", "git@", "git://"};
        const auto text = lower(it.arguments);
        for (const auto& remote : kRemote)
            if (text.find(remote) != std::string::npos)
                return say(it.line, "ADD may not fetch from the web; builds have no network. COPY a file of the project.");
        copy(it);
    }

    void user(const DockerfileInstruction& it)
    {
        m_userLine = it.line;
        m_user = it.arguments;
    }

    void settings(const DockerfileInstruction& it)
    {
        const auto words = dockerfileWords(it.arguments);
        const bool oldForm = it.keyword == "ENV" && !words.empty() && words[0].find('=') == std::string::npos;
        if (oldForm)
            return setting(it.line, words[0], words.size() > 1 ? words[1] : std::string());
        for (const auto& word : words) {
            const auto equals = word.find('=');
            if (equals != std::string::npos)
                setting(it.line, word.substr(0, equals), word.substr(equals + 1));
        }
    }
    void setting(std::size_t line, const std::string& name, const std::string& value)
    {
        if (holdsLiteralSecret(name, value))
            say(line, fmt::format("{} holds a secret; an image keeps none. Take it from the environment at run time.", name));
    }

    void expose(const DockerfileInstruction& it)
    {
        for (const auto& word : dockerfileWords(it.arguments)) {
            const auto port = portOf(word);
            if (!port)
                say(it.line, fmt::format("EXPOSE needs port numbers, not \"{}\".", word));
            else if (m_rules.port && *port != *m_rules.port)
                say(it.line, fmt::format("The design exposes port {}, not {}.", *m_rules.port, *port));
            else
                m_exposed.push_back(*port);
        }
    }

    void label(const DockerfileInstruction& it)
    {
        for (const auto& word : dockerfileWords(it.arguments))
            if (word.starts_with("aap."))
                say(it.line, "Labels that begin with \"aap.\" are set by the program alone.");
    }

    void onBuild(const DockerfileInstruction& it) { say(it.line, "ONBUILD hides what it does; write the steps where they run."); }

    void finishFile()
    {
        if (m_stages == 0)
            return say(0, "The Dockerfile has no FROM.");
        const auto uid = number(std::string_view(m_user).substr(0, m_user.find(':')));
        if (m_userLine == 0)
            say(0, "The last stage has no USER; end with a numeric one that is not root, as USER 1000:1000.");
        else if (!uid)
            say(m_userLine, fmt::format("USER {} is not numeric; write USER 1000:1000.", m_user.substr(0, 60)));
        else if (*uid == 0)
            say(m_userLine, "The last USER is root; end with one that is not, as USER 1000:1000.");
        if (m_rules.port && m_exposed.empty())
            say(0, fmt::format("The last stage has no EXPOSE {}, the design's port.", *m_rules.port));
    }

    const DockerfileRules& m_rules;
    std::vector<LintFinding> m_findings;
    std::vector<std::string> m_names; ///< of the stages so far, lower case
    unsigned m_stages = 0;
    std::string m_user;
    std::size_t m_userLine = 0;
    std::vector<int> m_exposed;
};

} // namespace

std::vector<LintFinding> lintDockerfile(std::string_view text, const DockerfileRules& rules)
{
    return Linter(rules).lint(text);
}

std::vector<int> exposedPorts(std::string_view text)
{
    std::vector<int> ports;
    for (const auto& instruction : readDockerfile(text).instructions) {
        if (instruction.keyword == "FROM")
            ports.clear();
        if (instruction.keyword == "EXPOSE")
            for (const auto& word : dockerfileWords(instruction.arguments))
                if (const auto port = portOf(word))
                    ports.push_back(*port);
    }
    return ports;
}

} // namespace aap
