#include "app/cli/steering_words.h"

#include <charconv>
#include <cmath>

namespace aap {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

std::string_view trimmedWords(std::string_view text)
{
    const auto first = text.find_first_not_of(kBlanks);
    return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// The first word; `line` keeps the others.
std::string_view takeWord(std::string_view& line)
{
    line = trimmedWords(line);
    const auto word = line.substr(0, line.find_first_of(kBlanks));
    line = trimmedWords(line.substr(word.size()));
    return word;
}

Error limitUsage()
{
    return Error{ErrorCode::Invalid, "that is no limit", {}, "Type usd, tokens, calls, minutes or turns and a number, for example: usd 8, or: coding turns 40."};
}

} // namespace

Result<TypedLimit> parseTypedLimit(std::string_view line)
{
    TypedLimit typed;
    auto word = takeWord(line);
    if (const auto stage = parseStage(word)) {
        typed.stage = stage;
        word = takeWord(line);
    }
    for (const auto* limit : {"usd", "tokens", "calls", "minutes", "turns"})
        if (word == limit)
            typed.raised.limit = limit;
    const auto number = takeWord(line);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), typed.raised.to);
    const bool isNumber = error == std::errc() && end == number.data() + number.size() && std::isfinite(typed.raised.to) && typed.raised.to > 0;
    if (typed.raised.limit.empty() || !isNumber || !line.empty())
        return limitUsage();
    return typed;
}

TypedStage parseTypedStage(std::string_view line, std::optional<StageId> running)
{
    auto rest = line;
    if (const auto stage = parseStage(takeWord(rest)))
        return {stage, std::string(rest)};
    return {running, std::string(trimmedWords(line))};
}

} // namespace aap
