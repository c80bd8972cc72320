#include "core/agent/tools/text_edit.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"

namespace aap {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kSpaces = " \t\r\f\v";

/// A text with LF only, and where each of its bytes was.
struct Plain {
    std::string text{};
    std::vector<std::size_t> offsets{}; ///< one more than bytes: the end too
};

Plain plainOf(std::string_view text)
{
    Plain plain;
    plain.text.reserve(text.size());
    plain.offsets.reserve(text.size() + 1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            continue; // the LF after it stands for both
        plain.offsets.push_back(text[i] == '\n' && i > 0 && text[i - 1] == '\r' ? i - 1 : i);
        plain.text += text[i];
    }
    plain.offsets.push_back(text.size());
    return plain;
}

std::string withLineEnds(std::string_view text, bool dos)
{
    std::string all;
    for (const char c : text)
        all += c == '\n' && dos ? std::string("\r\n") : std::string(1, c);
    return all;
}

bool isMostlyDos(std::string_view text)
{
    std::size_t dos = 0;
    for (std::size_t at = text.find("\r\n"); at != std::string_view::npos; at = text.find("\r\n", at + 2))
        ++dos;
    return dos * 2 > std::size_t(std::ranges::count(text, '\n'));
}

std::size_t lineOf(std::string_view text, std::size_t position)
{
    return std::size_t(std::ranges::count(text.substr(0, position), '\n')) + 1;
}

struct Place {
    std::size_t begin = 0;
    std::size_t end = 0;
};

std::vector<Place> exactPlaces(std::string_view text, std::string_view wanted)
{
    std::vector<Place> places;
    for (auto at = text.find(wanted); at != std::string_view::npos; at = text.find(wanted, at + wanted.size()))
        places.push_back({at, at + wanted.size()});
    return places;
}

std::string_view withoutTail(std::string_view line)
{
    const auto last = line.find_last_not_of(kSpaces);
    return last == std::string_view::npos ? std::string_view() : line.substr(0, last + 1);
}

std::string_view indentOf(std::string_view line)
{
    return line.substr(0, std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string_view bare(std::string_view line)
{
    line = withoutTail(line);
    return line.substr(indentOf(line).size());
}

using LineView = std::function<std::string_view(std::string_view)>;

/// Whole lines of `text` that equal those of `wanted` when seen through `view`.
std::vector<Place> linePlaces(std::string_view text, std::string_view wanted, const LineView& view)
{
    const auto lines = splitLines(text);
    const auto wantedLines = splitLines(wanted);
    std::vector<Place> places;
    if (wantedLines.empty() || std::ranges::all_of(wantedLines, [](auto line) { return bare(line).empty(); }))
        return places;
    for (std::size_t first = 0; first + wantedLines.size() <= lines.size(); ++first) {
        const auto same = [&](std::size_t i) { return view(lines[first + i]) == view(wantedLines[i]); };
        std::size_t matched = 0;
        while (matched < wantedLines.size() && same(matched))
            ++matched;
        if (matched < wantedLines.size())
            continue;
        const auto& last = lines[first + matched - 1];
        auto end = std::size_t(last.data() - text.data()) + last.size();
        if (wanted.ends_with('\n') && end < text.size())
            ++end;
        places.push_back({std::size_t(lines[first].data() - text.data()), end});
    }
    return places;
}

/// `after`, moved from the indentation that `before` was written with to the one that was found.
std::string indentedLike(std::string_view found, std::string_view before, std::string_view after)
{
    const auto firstIndent = [](std::string_view text) {
        for (const auto line : splitLines(text))
            if (!bare(line).empty())
                return indentOf(line);
        return std::string_view();
    };
    const auto from = firstIndent(before);
    const auto to = firstIndent(found);
    std::vector<std::string> lines;
    for (const auto line : splitLines(after)) {
        const bool moves = !bare(line).empty() && line.starts_with(from);
        lines.push_back(moves ? std::string(to) + std::string(line.substr(from.size())) : std::string(line));
    }
    return fmt::format("{}{}", fmt::join(lines, "\n"), after.ends_with('\n') ? "\n" : "");
}

std::string nearestLines(std::string_view text, std::string_view wanted)
{
    std::string_view sought;
    for (const auto line : splitLines(wanted))
        if (sought.empty())
            sought = bare(line);
    struct Near {
        double likeness;
        std::size_t number;
        std::string_view line;
    };
    std::vector<Near> near;
    const auto lines = splitLines(text);
    for (std::size_t i = 0; i < std::min(lines.size(), std::size_t(20000)); ++i)
        if (const auto alike = likeness(bare(lines[i]).substr(0, 300), sought.substr(0, 300)); alike > 0.3)
            near.push_back({alike, i + 1, lines[i]});
    std::ranges::stable_sort(near, std::greater(), &Near::likeness);
    near.resize(std::min(near.size(), std::size_t(3)));
    std::vector<std::string> shown;
    for (const auto& one : near)
        shown.push_back(fmt::format("{}: {}", one.number, shortened(cleanText(one.line), 200)));
    return near.empty() ? "no line resembles its first line" : fmt::format("the nearest lines are\n{}", fmt::join(shown, "\n"));
}

std::string tooMany(std::string_view text, const std::vector<Place>& places)
{
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < std::min(places.size(), std::size_t(20)); ++i)
        numbers.push_back(lineOf(text, places[i].begin));
    return fmt::format("old_string occurs {} times, in lines {}{}; take more lines around the place you mean, or set replace_all.",
                       places.size(), fmt::join(numbers, ", "), places.size() > 20 ? " …" : "");
}

} // namespace

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

double likeness(std::string_view a, std::string_view b)
{
    if (a == b)
        return 1;
    const auto pairs = [](std::string_view text) {
        std::vector<std::pair<int, int>> all;
        for (std::size_t i = 1; i < text.size(); ++i)
            all.emplace_back(std::tolower(static_cast<unsigned char>(text[i - 1])), std::tolower(static_cast<unsigned char>(text[i])));
        std::ranges::sort(all);
        return all;
    };
    const auto left = pairs(a);
    const auto right = pairs(b);
    std::vector<std::pair<int, int>> common;
    std::ranges::set_intersection(left, right, std::back_inserter(common));
    return left.empty() || right.empty() ? 0 : 2.0 * double(common.size()) / double(left.size() + right.size());
}

std::variant<EditedText, std::string> editText(std::string_view text, const TextEdit& edit)
{
    const bool marked = text.starts_with(kByteOrderMark);
    const auto body = text.substr(marked ? kByteOrderMark.size() : 0);
    const auto plain = plainOf(body);
    const auto before = plainOf(edit.before).text;
    auto after = plainOf(edit.after).text;
    if (before.empty())
        return std::string("old_string is empty; give the text to replace, or use write_file for the whole file.");
    if (before == after)
        return std::string("old_string and new_string are the same; nothing would change.");

    EditedText result;
    result.how = "exactly";
    auto places = exactPlaces(plain.text, before);
    if (places.empty()) {
        result.how = "ignoring spaces at the ends of lines";
        places = linePlaces(plain.text, before, withoutTail);
    }
    if (places.empty()) {
        result.how = "ignoring indentation";
        places = linePlaces(plain.text, before, bare);
        if (places.size() == 1)
            after = indentedLike(std::string_view(plain.text).substr(places[0].begin, places[0].end - places[0].begin), before, after);
    }
    if (places.empty())
        return fmt::format("old_string does not occur in the file; {}", nearestLines(plain.text, before));
    if (places.size() > 1 && !(edit.everywhere && result.how == "exactly"))
        return tooMany(plain.text, places);

    const auto replacement = withLineEnds(after, isMostlyDos(body));
    std::size_t done = 0;
    result.text = text.substr(0, text.size() - body.size());
    for (const auto& place : places) {
        result.text += body.substr(done, plain.offsets[place.begin] - done);
        result.text += replacement;
        done = plain.offsets[place.end];
    }
    result.text += body.substr(done);
    result.replaced = places.size();
    result.firstLine = lineOf(plain.text, places[0].begin);
    result.lines = std::max<std::size_t>(1, splitLines(after).size());
    return result;
}

} // namespace aap
