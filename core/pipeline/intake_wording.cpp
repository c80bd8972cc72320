#include "core/pipeline/intake_wording.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/pipeline/intake_lines.h"

namespace aap {
namespace {

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

/// The phrase as whole words; `text` is lower case.
bool mentions(std::string_view text, std::string_view phrase)
{
    for (std::size_t at = text.find(phrase); at != std::string_view::npos; at = text.find(phrase, at + 1)) {
        const bool begins = at == 0 || !isWordByte(text[at - 1]);
        const std::size_t end = at + phrase.size();
        if (begins && (end >= text.size() || !isWordByte(text[end])))
            return true;
    }
    return false;
}

bool mentionsAny(std::string_view text, std::span<const std::string_view> phrases)
{
    return std::ranges::any_of(phrases, [text](std::string_view phrase) { return mentions(text, phrase); });
}

constexpr std::array<std::string_view, 10> kMust{"must", "shall", "has to", "have to", "required", "mandatory",
                                                 "is to", "are to", "may not", "may only"};
constexpr std::array<std::string_view, 4> kShould{"should", "ought to", "recommended", "preferably"};
constexpr std::array<std::string_view, 8> kCould{"could", "may", "might", "optional", "optionally",
                                                 "nice to have", "if possible", "would be nice"};

struct LabelWord {
    std::string_view words;
    std::string_view priority;
};
/// Matched against a whole label from which fillers ("have", "priority", "features" …) were taken out.
constexpr std::array kLabels{
    LabelWord{"won t", "excluded"}, LabelWord{"won’t", "excluded"}, LabelWord{"wont", "excluded"},
    LabelWord{"out of scope", "excluded"}, LabelWord{"not in scope", "excluded"}, LabelWord{"non goals", "excluded"},
    LabelWord{"non goal", "excluded"}, LabelWord{"nongoals", "excluded"},
    LabelWord{"must", "must"}, LabelWord{"required", "must"}, LabelWord{"mandatory", "must"}, LabelWord{"essential", "must"},
    LabelWord{"critical", "must"}, LabelWord{"high", "must"}, LabelWord{"p0", "must"}, LabelWord{"p1", "must"},
    LabelWord{"should", "should"}, LabelWord{"medium", "should"}, LabelWord{"p2", "should"}, LabelWord{"recommended", "should"},
    LabelWord{"could", "could"}, LabelWord{"may", "could"}, LabelWord{"optional", "could"}, LabelWord{"nice to", "could"},
    LabelWord{"low", "could"}, LabelWord{"p3", "could"}, LabelWord{"bonus", "could"}, LabelWord{"stretch", "could"},
    LabelWord{"stretch goals", "could"},
};
constexpr std::array<std::string_view, 10> kFillers{"have", "haves", "be", "priority", "prio", "feature", "features",
                                                    "requirement", "requirements", "functionality"};

struct KindWord {
    std::string_view phrase;
    std::string_view kind;
    int weight;
};
constexpr std::array kKindWords{
    KindWord{"rest api", "service", 4}, KindWord{"api", "service", 2}, KindWord{"http", "service", 2}, KindWord{"server", "service", 2},
    KindWord{"endpoint", "service", 2}, KindWord{"endpoints", "service", 2}, KindWord{"service", "service", 2},
    KindWord{"microservice", "service", 4}, KindWord{"web app", "service", 3}, KindWord{"web application", "service", 3},
    KindWord{"backend", "service", 2}, KindWord{"websocket", "service", 2}, KindWord{"graphql", "service", 3}, KindWord{"port", "service", 1},
    KindWord{"command line", "cli", 4}, KindWord{"command-line", "cli", 4}, KindWord{"cli", "cli", 4}, KindWord{"terminal", "cli", 3},
    KindWord{"script", "cli", 2}, KindWord{"stdin", "cli", 2}, KindWord{"standard input", "cli", 2}, KindWord{"exit code", "cli", 2},
    KindWord{"--help", "cli", 3}, KindWord{"argument", "cli", 1}, KindWord{"arguments", "cli", 1},
    KindWord{"library", "library", 4}, KindWord{"sdk", "library", 3}, KindWord{"python package", "library", 3},
    KindWord{"npm package", "library", 3}, KindWord{"module", "library", 1}, KindWord{"importable", "library", 2},
    KindWord{"static site", "static-site", 5}, KindWord{"static website", "static-site", 5}, KindWord{"static web site", "static-site", 5},
    KindWord{"landing page", "static-site", 4}, KindWord{"home page", "static-site", 3}, KindWord{"homepage", "static-site", 3},
    KindWord{"portfolio", "static-site", 2}, KindWord{"web page", "static-site", 2}, KindWord{"single page", "static-site", 1},
};

bool isAbbreviation(std::string_view before)
{
    constexpr std::array<std::string_view, 12> known{"e.g", "i.e", "etc", "vs", "cf", "approx", "no", "max", "min", "incl", "resp", "z.B"};
    const auto start = before.find_last_of(" \t\n(");
    const auto word = start == std::string_view::npos ? before : before.substr(start + 1);
    return std::ranges::find(known, word) != known.end() || word.size() == 1;
}

} // namespace

std::string lowerAscii(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    return lower;
}

std::string_view priorityOfLabel(std::string_view label)
{
    std::string words;
    const std::string lower = lowerAscii(label);
    for (std::size_t at = 0; at < lower.size();) {
        if (!isWordByte(lower[at])) {
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < lower.size() && isWordByte(lower[end]))
            ++end;
        const auto word = std::string_view(lower).substr(at, end - at);
        if (std::ranges::find(kFillers, word) == kFillers.end())
            words += (words.empty() ? "" : " ") + std::string(word);
        at = end;
    }
    const auto known = std::ranges::find(kLabels, words, &LabelWord::words);
    return known == kLabels.end() ? std::string_view() : known->priority;
}

std::string_view priorityOfSentence(std::string_view text)
{
    const std::string lower = lowerAscii(text);
    if (mentionsAny(lower, kMust))
        return "must";
    if (mentionsAny(lower, kShould))
        return "should";
    return mentionsAny(lower, kCould) ? "could" : "";
}

std::string_view labelOf(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('[') || text.starts_with('(')) {
        const auto end = text.find(text[0] == '[' ? ']' : ')');
        if (end != std::string_view::npos && !priorityOfLabel(text.substr(1, end - 1)).empty())
            return text.substr(1, end - 1);
    }
    if (text.ends_with(']') || text.ends_with(')')) {
        const auto begin = text.rfind(text.back() == ']' ? '[' : '(');
        if (begin != std::string_view::npos && begin + 1 < text.size()) {
            const auto label = text.substr(begin + 1, text.size() - begin - 2);
            if (!priorityOfLabel(label).empty())
                return label;
        }
    }
    const auto colon = text.find(':');
    if (colon != std::string_view::npos && colon < 20 && !priorityOfLabel(text.substr(0, colon)).empty())
        return text.substr(0, colon);
    return {};
}

bool isQuestion(std::string_view text)
{
    text = trimmed(text);
    while (!text.empty() && std::string_view("*_)\"'`]").find(text.back()) != std::string_view::npos)
        text.remove_suffix(1);
    return text.ends_with('?') || text.ends_with("？");
}

bool isDemand(std::string_view text)
{
    return mentionsAny(lowerAscii(text), kMust) || mentionsAny(lowerAscii(text), kShould);
}

std::vector<std::pair<std::size_t, std::size_t>> sentencesOf(std::string_view paragraph)
{
    std::vector<std::pair<std::size_t, std::size_t>> sentences;
    const auto add = [&](std::size_t begin, std::size_t end) {
        while (begin < end && (paragraph[begin] == ' ' || paragraph[begin] == '\n'))
            ++begin;
        if (begin < end)
            sentences.emplace_back(begin, end);
    };
    std::size_t begin = 0;
    for (std::size_t i = 0; i + 1 < paragraph.size(); ++i) {
        const char c = paragraph[i];
        if ((c != '.' && c != '!' && c != '?') || (paragraph[i + 1] != ' ' && paragraph[i + 1] != '\n'))
            continue;
        const auto next = paragraph.find_first_not_of(" \n", i + 1);
        const bool goesOn = next != std::string_view::npos && paragraph[next] >= 'a' && paragraph[next] <= 'z';
        if (c == '.' && (goesOn || isAbbreviation(paragraph.substr(begin, i - begin))))
            continue;
        add(begin, i + 1);
        begin = i + 1;
    }
    add(begin, paragraph.size());
    return sentences;
}

std::pair<std::string, std::string> guessKind(std::string_view text)
{
    const std::string lower = lowerAscii(text);
    std::string best = "cli";
    std::string bestWords;
    int bestWeight = 0;
    for (const std::string_view kind : {"service", "cli", "library", "static-site"}) {
        int weight = 0;
        std::string words;
        for (const auto& word : kKindWords)
            if (word.kind == kind && mentions(lower, word.phrase)) {
                weight += word.weight;
                words += (words.empty() ? "“" : ", “") + std::string(word.phrase) + "”";
            }
        if (weight > bestWeight) {
            bestWeight = weight;
            best = kind;
            bestWords = words;
        }
    }
    return {best, bestWords};
}

std::string plainWords(std::string_view markdown)
{
    std::string plain;
    for (std::size_t i = 0; i < markdown.size(); ++i) {
        const char c = markdown[i];
        const bool link = c == ']' && i + 1 < markdown.size() && markdown[i + 1] == '(';
        if (link)
            i = std::min(markdown.find(')', i), markdown.size() - 1);
        else if (c == '_' && i > 0 && i + 1 < markdown.size() && isWordByte(markdown[i - 1]) && isWordByte(markdown[i + 1]))
            plain += c; // snake_case
        else if (c != '*' && c != '`' && c != '_' && c != '[' && c != ']')
            plain += c == '\n' || c == '\t' ? ' ' : c;
    }
    return std::string(trimmed(plain));
}

} // namespace aap
