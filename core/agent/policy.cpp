#include "core/agent/policy.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/shell_words.h"
#include "core/agent/tools/workspace_path.h"
#include "core/base/json_document.h"

namespace aap {
namespace {

constexpr std::size_t kMostRules = 500;
constexpr std::size_t kLongestPattern = 1000;
constexpr std::array<std::string_view, 3> kActions{"allow", "ask", "deny"};

/// "*" is any text without `border`, "**" any text; nothing else has a meaning of its own.
bool fitsPattern(std::string_view pattern, std::string_view text, char border)
{
    // One row of a table: whether the pattern so far fits the first n characters. No pattern makes it slow.
    std::vector<bool> row(text.size() + 1, false);
    row[0] = true;
    for (std::size_t p = 0; p < pattern.size(); ++p) {
        const bool any = pattern[p] == '*';
        const bool crosses = any && p + 1 < pattern.size() && pattern[p + 1] == '*';
        if (crosses)
            ++p;
        bool before = row[0];
        row[0] = any && row[0];
        for (std::size_t t = 1; t <= text.size(); ++t) {
            const bool here = row[t];
            const bool goesOn = row[t - 1] && (crosses || text[t - 1] != border);
            row[t] = any ? here || goesOn : before && pattern[p] == text[t - 1];
            before = here;
        }
    }
    return row[text.size()];
}

/// `strict`: of a rule that asks or denies, which an unknown word may always mean.
bool fitsWord(const std::string& pattern, const std::string& word, bool strict)
{
    return (strict && isOpaque(word)) || fitsPattern(pattern, word, '\0');
}

bool fitsCommand(const std::vector<std::string>& pattern, const std::vector<std::string>& argv, bool strict)
{
    const bool open = pattern.back() == "**";
    const auto fixed = pattern.size() - (open ? 1 : 0);
    if (argv.size() < fixed || (!open && argv.size() > fixed))
        return false;
    for (std::size_t i = 0; i < fixed; ++i) {
        const auto name = i == 0 ? argv[0].substr(argv[0].rfind('/') + 1) : argv[i];
        if (!fitsWord(pattern[i], name, strict) && !(i == 0 && fitsWord(pattern[0], argv[0], strict)))
            return false;
    }
    return true;
}

bool fitsPath(const std::string& pattern, const std::string& path, bool strict)
{
    if (strict && isOpaque(path))
        return true;
    if (fitsPattern(pattern, path, '/'))
        return true;
    return pattern.starts_with("**/") && fitsPattern(std::string_view(pattern).substr(3), path, '/'); // "**/x" is x in the root too
}

std::string lowered(std::string_view text)
{
    std::string low(text);
    std::ranges::transform(low, low.begin(), [](unsigned char c) { return char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    return low;
}

/// As rules write it: relative to the repository.
std::string pathOf(std::string_view text)
{
    const auto path = WorkspacePath::parse(text);
    return path && path->isInRepository() ? path->shown() : std::string(text);
}

void addHosts(std::string_view text, std::vector<std::string>& hosts)
{
    for (auto at = text.find("://"); at != std::string_view::npos; at = text.find("://", at + 3)) {
        auto rest = text.substr(at + 3);
        rest = rest.substr(0, rest.find_first_of("/?#\"'\\ \t\r\n<>|&;)"));
        rest.remove_prefix(rest.rfind('@') == std::string_view::npos ? 0 : rest.rfind('@') + 1);
        rest = rest.substr(0, rest.starts_with('[') ? rest.find(']') + 1 : rest.find(':'));
        if (!rest.empty())
            hosts.push_back(lowered(rest));
    }
}

void addHostsOf(const Json& json, std::vector<std::string>& hosts)
{
    if (json.is_string())
        addHosts(json.get_ref<const std::string&>(), hosts);
    else if (json.is_structured())
        for (const auto& member : json)
            addHostsOf(member, hosts);
}

/// What a call is about, apart from the tool.
struct CallParts {
    std::vector<std::vector<std::string>> commands{};
    std::vector<std::string> paths{};     ///< of a tool that works on files
    std::vector<std::string> mentioned{}; ///< words of commands that may be files
    std::vector<std::string> hosts{};
};

CallParts partsOf(const Json& input)
{
    CallParts parts;
    for (const auto* key : {"filepath", "path", "test_path", "dockerfile_path", "log_file"})
        if (const auto found = input.find(key); found != input.end() && found->is_string())
            parts.paths.push_back(pathOf(found->get_ref<const std::string&>()));
    std::set<std::string> mentioned; // the same word stands in many calls
    for (const auto* key : {"command", "build_command"})
        if (const auto found = input.find(key); found != input.end() && found->is_string())
            for (auto& call : shellCalls(found->get_ref<const std::string&>())) {
                mentioned.insert(call.files.begin(), call.files.end());
                for (std::size_t i = 1; i < call.argv.size(); ++i)
                    if (!call.argv[i].starts_with('-'))
                        mentioned.insert(call.argv[i]);
                if (!call.argv.empty())
                    parts.commands.push_back(std::move(call.argv));
            }
    std::ranges::transform(mentioned, std::back_inserter(parts.mentioned), pathOf);
    if (input.is_object())
        addHostsOf(input, parts.hosts);
    return parts;
}

std::string shownWords(const std::vector<std::string>& argv)
{
    auto text = fmt::format("{}", fmt::join(argv, " "));
    std::ranges::replace(text, kOpaqueWord, '?');
    return text;
}

/// Judges one call, part by part.
class Judgement {
public:
    Judgement(const std::vector<PolicyRule>& rules, PolicyAction otherwise, StageId stage, std::string_view tool) :
        m_otherwise(otherwise)
    {
        for (const auto& rule : rules)
            if ((rule.stage.empty() || rule.stage == slug(stage)) && (rule.tool.empty() || fitsPattern(rule.tool, tool, '\0')))
                m_rules.push_back(&rule);
    }

    /// `fits` decides about rules that are about more than tools. A part that is not what the call is for has no say when no rule
    /// of its kind fits.
    template <typename Fits>
    void part(const std::string& about, bool isMain, Fits fits)
    {
        for (const auto* rule : m_rules) {
            const bool applies = rule->isAboutTools() ? isMain : fits(*rule, rule->action != PolicyAction::Allow);
            if (applies)
                return take({rule->action, rule->reason, about});
        }
        if (isMain)
            take({m_otherwise, m_otherwise == PolicyAction::Allow ? "" : "no rule of the policy allows it", about});
    }
    /// A command that may be any, with any files: the strictest rule about such things.
    void unknownCommand()
    {
        constexpr auto kAbout = "a command that only the shell can tell";
        for (const auto* rule : m_rules)
            if (rule->domain.empty())
                take({rule->action, rule->reason, kAbout});
        take({m_otherwise, "", kAbout});
    }
    PolicyVerdict verdict{};

private:
    void take(PolicyVerdict other)
    {
        if (other.action > verdict.action)
            verdict = std::move(other);
    }

    std::vector<const PolicyRule*> m_rules{};
    const PolicyAction m_otherwise;
};

PolicyAction actionOf(const std::string& word)
{
    return PolicyAction(std::ranges::find(kActions, word) - kActions.begin());
}

ValueRule actionRule()
{
    return {.choices = {kActions.begin(), kActions.end()}};
}

Result<PolicyRule> readRule(const JsonDocument& document, const std::string& pointer)
{
    const ValueRule text{.mayBeEmpty = false};
    ObjectReader object(document, pointer, {"action", "reason", "tool", "stage", "command", "path", "domain"});
    PolicyRule rule;
    if (const auto* action = object.take("action", actionRule()))
        rule.action = actionOf(action->get<std::string>());
    else if (!object.failed())
        object.complain("action", "is missing: \"allow\", \"ask\" or \"deny\"");
    const auto read = [&](const char* key, std::string& target) {
        if (const auto* value = object.take(key, text))
            target = value->get<std::string>();
        if (target.size() > kLongestPattern)
            object.complain(key, "is too long");
    };
    read("reason", rule.reason);
    read("tool", rule.tool);
    read("stage", rule.stage);
    read("path", rule.path);
    read("domain", rule.domain);
    rule.domain = lowered(rule.domain);
    if (!rule.stage.empty() && !parseStage(rule.stage))
        object.complain("stage", "names no stage");
    if (const auto* command = object.take("command", {.kind = ValueRule::Kind::TextList, .min = 1, .mayBeEmpty = false}))
        rule.command = command->get<std::vector<std::string>>();
    const int kinds = int(!rule.command.empty()) + int(!rule.path.empty()) + int(!rule.domain.empty());
    if (kinds > 1)
        object.complain("action", "stands beside more than one of command, path and domain; write a rule for each");
    if (object.failed())
        return object.error();
    return rule;
}

} // namespace

std::string_view slug(PolicyAction action)
{
    return kActions.at(std::size_t(action));
}

Result<Policy> Policy::parse(std::string_view json, std::string name)
{
    const auto document = JsonDocument::parse(json, std::move(name));
    if (!document)
        return document.error();
    Policy policy;
    if (auto read = policy.read(*document); !read)
        return std::move(read).error().advise("Correct that place in the policy.");
    return policy;
}

Result<void> Policy::read(const JsonDocument& document)
{
    ObjectReader object(document, "", {"rules", "otherwise"});
    if (const auto* otherwise = object.take("otherwise", actionRule()))
        m_otherwise = actionOf(otherwise->get<std::string>());
    const auto* rules = object.take("rules");
    if (object.failed())
        return object.error();
    if (rules != nullptr && (!rules->is_array() || rules->size() > kMostRules))
        return document.invalid("/rules", fmt::format("must be a list of at most {} rules", kMostRules));
    for (std::size_t i = 0; rules != nullptr && i < rules->size(); ++i) {
        auto rule = readRule(document, childPointer("/rules", std::to_string(i)));
        if (!rule)
            return std::move(rule).error();
        m_rules.push_back(*std::move(rule));
    }
    return {};
}

PolicyVerdict Policy::judge(StageId stage, std::string_view tool, const Json& input) const
{
    const auto parts = partsOf(input);
    Judgement judgement(m_rules, m_otherwise, stage, tool);
    for (const auto& argv : parts.commands) {
        if (argv.size() == 1 && argv.front() == std::string(1, kOpaqueWord)) {
            judgement.unknownCommand();
            continue;
        }
        judgement.part(shownWords(argv), true,
                       [&](const PolicyRule& rule, bool strict) { return !rule.command.empty() && fitsCommand(rule.command, argv, strict); });
    }
    const auto aboutPath = [](const std::string& path) {
        return [&path](const PolicyRule& rule, bool strict) { return !rule.path.empty() && fitsPath(rule.path, path, strict); };
    };
    for (const auto& path : parts.paths)
        judgement.part(shownWords({path}), parts.commands.empty(), aboutPath(path));
    for (const auto& path : parts.mentioned)
        judgement.part(shownWords({path}), false, aboutPath(path));
    for (const auto& host : parts.hosts)
        judgement.part(host, false, [&](const PolicyRule& rule, bool) { return !rule.domain.empty() && fitsPattern(rule.domain, host, '\0'); });
    if (parts.commands.empty() && parts.paths.empty())
        judgement.part(std::string(tool), true, [](const PolicyRule&, bool) { return false; });
    return judgement.verdict;
}

} // namespace aap
