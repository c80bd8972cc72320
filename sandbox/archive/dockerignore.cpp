#include "sandbox/archive/dockerignore.h"

namespace aap {
namespace {

constexpr std::size_t kMostRules = 500;

std::vector<std::string> namesOf(std::string_view path)
{
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= path.size();) {
        const auto slash = std::min(path.find('/', at), path.size());
        if (const auto name = path.substr(at, slash - at); !name.empty() && name != ".")
            names.emplace_back(name);
        at = slash + 1;
    }
    return names;
}

std::string_view trimmed(std::string_view line)
{
    constexpr std::string_view blank = " \t\r";
    const auto first = line.find_first_not_of(blank);
    return first == std::string_view::npos ? std::string_view() : line.substr(first, line.find_last_not_of(blank) - first + 1);
}

/// The pattern's next item against one character: a literal, '?', '\x' or '[a-z]'. Its length in the pattern, 0 when it does not match.
std::size_t matchOne(std::string_view pattern, char character)
{
    if (pattern.front() == '?')
        return 1;
    if (pattern.front() == '\\' && pattern.size() > 1)
        return pattern[1] == character ? 2 : 0;
    const auto close = pattern.find(']', 2);
    if (pattern.front() != '[' || close == std::string_view::npos)
        return pattern.front() == character ? 1 : 0;
    auto set = pattern.substr(1, close - 1);
    const bool negated = set.front() == '^' || set.front() == '!';
    if (negated)
        set.remove_prefix(1);
    bool inside = false;
    while (!set.empty()) {
        const bool range = set.size() > 2 && set[1] == '-';
        inside = inside || (range ? set[0] <= character && character <= set[2] : set[0] == character);
        set.remove_prefix(range ? 3 : 1);
    }
    return inside != negated ? close + 1 : 0;
}

/// One name against one pattern without '/'. On a mismatch only the last '*' takes one more character, which is enough.
bool matchesName(std::string_view pattern, std::string_view name)
{
    auto star = std::string_view::npos;
    std::size_t resumeAt = 0;
    for (std::size_t p = 0, n = 0;;) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = ++p;
            resumeAt = n;
            continue;
        }
        if (n == name.size() && p == pattern.size())
            return true;
        const auto taken = n < name.size() && p < pattern.size() ? matchOne(pattern.substr(p), name[n]) : 0;
        if (taken > 0) {
            p += taken;
            ++n;
        } else if (star != std::string_view::npos && resumeAt < name.size()) {
            p = star;
            n = ++resumeAt;
        } else {
            return false;
        }
    }
}

/// Whether the pattern matches the path or a folder above it.
bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path)
{
    // reached[n]: the pattern's names so far match the path's first n names.
    std::vector<bool> reached(path.size() + 1, false);
    reached[0] = true;
    for (const auto& item : pattern) {
        std::vector<bool> next(path.size() + 1, false);
        for (std::size_t n = 0; n <= path.size(); ++n) {
            if (item == "**")
                next[n] = reached[n] || (n > 0 && next[n - 1]);
            else
                next[n] = n > 0 && reached[n - 1] && matchesName(item, path[n - 1]);
        }
        reached = std::move(next);
    }
    for (std::size_t n = 1; n <= path.size(); ++n)
        if (reached[n])
            return true;
    return false;
}

} // namespace

Result<Dockerignore> Dockerignore::parse(std::string_view text)
{
    Dockerignore rules;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = trimmed(text.substr(at, end - at));
        at = end + 1;
        if (line.empty() || line.front() == '#')
            continue;
        Rule rule;
        if (line.front() == '!') {
            rule.wanted = rules.m_takeBack = true;
            line = trimmed(line.substr(1));
        }
        rule.names = namesOf(line);
        if (rule.names.empty())
            continue;
        if (rules.m_rules.size() == kMostRules)
            return Error{ErrorCode::Limit, ".dockerignore has more than " + std::to_string(kMostRules) + " patterns", {},
                         "Use '*' and take back what is needed with '!'."};
        rules.m_rules.push_back(std::move(rule));
    }
    return rules;
}

bool Dockerignore::ignores(std::string_view path) const
{
    const auto names = namesOf(path);
    for (auto rule = m_rules.rbegin(); rule != m_rules.rend(); ++rule)
        if (matches(rule->names, names))
            return !rule->wanted;
    return false;
}

} // namespace aap
