#include "core/base/json_document.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <memory>
#include <optional>

#include <fmt/format.h>

namespace aap {
namespace {

constexpr std::size_t kDeepestJson = 64;
constexpr std::size_t kMostMembers = 1000; // looking for duplicates takes quadratic time

/// A character source that tells how far the parser has read.
class CountingIterator {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    CountingIterator(const char* at, std::size_t* read) : m_at(at), m_read(read) {}
    reference operator*() const { return *m_at; }
    CountingIterator& operator++()
    {
        ++m_at;
        ++*m_read;
        return *this;
    }
    CountingIterator operator++(int)
    {
        auto before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.m_at == b.m_at; }
    friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return a.m_at != b.m_at; }

private:
    const char* m_at;
    std::size_t* m_read;
};

std::string place(std::string_view text, std::size_t offset)
{
    const auto before = text.substr(0, std::min(offset, text.size()));
    const auto line = std::size_t(std::ranges::count(before, '\n')) + 1;
    const auto start = before.rfind('\n');
    return fmt::format("line {}, column {}", line, before.size() - (start == before.npos ? 0 : start + 1) + 1);
}

/// A key may hold anything; a message is one short line and commands no terminal.
std::string visible(const std::string& key)
{
    constexpr std::size_t longest = 80;
    const bool plain = std::ranges::none_of(key, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (plain && key.size() <= longest)
        return key;
    return Json(key.substr(0, longest)).dump(-1, ' ', true, Json::error_handler_t::ignore) + (key.size() > longest ? "…" : "");
}

/// Builds the value and notes where each part of it stands.
class Builder final : public nlohmann::json_sax<Json> {
public:
    Builder(std::string_view text, JsonDocument& document) : m_text(text), m_document(document) {}

    std::size_t* readCount() { return &m_read; }
    const std::string& complaint() const { return m_complaint; }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(std::int64_t value) override { return add(value); }
    bool number_unsigned(std::uint64_t value) override { return add(value); }
    bool number_float(double value, const std::string& /*text*/) override { return add(value); }
    bool string(std::string& value) override { return add(std::move(value)); }
    bool binary(Json::binary_t& /*value*/) override { return refuse("binary data"); }
    bool start_object(std::size_t /*size*/) override { return open(Json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t /*size*/) override { return open(Json::array()); }
    bool end_array() override { return close(); }

    bool key(std::string& name) override
    {
        auto& level = m_levels.back();
        if (level.value->size() == kMostMembers)
            return refuse(fmt::format("more than {} members in one object", kMostMembers));
        if (level.value->contains(name))
            return refuse(fmt::format("the key \"{}\" stands twice in the same object", visible(name)));
        level.key = name;
        m_keyLine = line();
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/, const nlohmann::detail::exception& failed) override
    {
        std::string_view why = failed.what();
        why = why.substr(0, why.find("; last read")); // what was read may be a key
        if (const auto sentence = why.find("syntax error"); sentence != why.npos)
            why.remove_prefix(sentence);
        m_complaint = fmt::format("{}: not valid JSON: {}", place(m_text, position == 0 ? 0 : position - 1), why);
        return false;
    }

private:
    struct Level {
        Json* value;
        std::string pointer;
        std::string key{};
    };

    bool refuse(std::string_view why)
    {
        m_complaint = fmt::format("{}: {}", place(m_text, m_read == 0 ? 0 : m_read - 1), why);
        return false;
    }

    std::size_t line()
    {
        // The last character read belongs to the token, or ends a number and may be the line's end itself.
        const auto end = m_read == 0 ? 0 : m_read - 1;
        m_line += std::size_t(std::count(m_text.begin() + std::ptrdiff_t(m_counted), m_text.begin() + std::ptrdiff_t(end), '\n'));
        m_counted = end;
        return m_line;
    }

    Json& placeValue(Json value)
    {
        std::string pointer;
        Json* placed = &m_document.root;
        auto at = line();
        if (m_levels.empty()) {
            m_document.root = std::move(value);
        } else if (auto& level = m_levels.back(); level.value->is_object()) {
            pointer = childPointer(level.pointer, level.key);
            placed = &((*level.value)[level.key] = std::move(value));
            at = m_keyLine; // where the key stands is where people look
        } else {
            pointer = childPointer(level.pointer, std::to_string(level.value->size()));
            level.value->push_back(std::move(value));
            placed = &level.value->back();
        }
        m_document.lines[pointer] = at;
        m_lastPointer = std::move(pointer);
        return *placed;
    }

    bool add(Json value)
    {
        placeValue(std::move(value));
        return true;
    }

    bool open(Json empty)
    {
        if (m_levels.size() == kDeepestJson)
            return refuse(fmt::format("more than {} levels inside one another", kDeepestJson));
        auto& placed = placeValue(std::move(empty));
        m_levels.push_back({&placed, m_lastPointer});
        return true;
    }

    bool close()
    {
        m_levels.pop_back();
        return true;
    }

    std::string_view m_text;
    JsonDocument& m_document;
    std::vector<Level> m_levels;
    std::string m_lastPointer;
    std::string m_complaint;
    std::size_t m_read = 0;
    std::size_t m_counted = 0;
    std::size_t m_line = 1;
    std::size_t m_keyLine = 1;
};

std::string shown(const Json& value)
{
    auto text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (value.is_structured())
        return value.is_object() ? "an object" : "a list";
    return text.size() > 60 ? text.substr(0, 57) + "…" : text;
}

std::string plainNumber(double number)
{
    return fmt::format("{}", number); // the shortest form that reads back: "0.5", "200"
}

std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto substituted = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, substituted}));
        }
    }
    return row.back();
}

/// Letters and digits in lower case: "maxIterations" and "max-iterations" are near "max_iterations".
std::string bare(std::string_view word)
{
    std::string letters;
    for (const char c : word)
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            letters += char(std::tolower(static_cast<unsigned char>(c)));
    return letters;
}

/// "; there are max_rounds, max_tries", when they fit into a message.
std::string known(const std::vector<std::string>& keys)
{
    return keys.empty() || keys.size() > 12 ? "" : fmt::format("; there are {}", fmt::join(keys, ", "));
}

std::string unescaped(std::string_view part)
{
    std::string key;
    for (std::size_t i = 0; i < part.size(); ++i) {
        const bool escape = part[i] == '~' && i + 1 < part.size();
        key += !escape ? part[i] : part[++i] == '1' ? '/' : '~';
    }
    return key;
}

} // namespace

Result<JsonDocument> JsonDocument::parse(std::string_view text, std::string name)
{
    const auto failed = [&](std::string why, const char* remedy) {
        return Error{ErrorCode::Invalid, name + ", " + std::move(why), {}, remedy};
    };
    if (text.starts_with("\xef\xbb\xbf"))
        return failed("line 1, column 1: it begins with a byte order mark", "Save the file as UTF-8 without BOM.");
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return failed("line 1, column 1: it is UTF-16", "Save the file as UTF-8 without BOM.");
    if (text.find_first_not_of(" \t\r\n") == text.npos)
        return failed("line 1, column 1: it is empty", "An empty set of values is written {}.");

    JsonDocument document{.name = name};
    Builder builder(text, document);
    const CountingIterator begin(text.data(), builder.readCount()), end(text.data() + text.size(), builder.readCount());
    if (!Json::sax_parse(begin, end, &builder))
        return failed(builder.complaint(), "Correct that place; JSON has no comments and no comma after the last entry.");
    return document;
}

Error JsonDocument::invalid(const std::string& pointer, std::string_view complaint) const
{
    auto found = lines.find(pointer);
    for (auto parent = pointer; found == lines.end() && !parent.empty();) { // what is missing is missed in its object
        parent.erase(parent.rfind('/'));
        found = lines.find(parent);
    }
    return Error{ErrorCode::Invalid,
                 fmt::format("{}, line {}: {} {}", name, found == lines.end() ? 1 : found->second, dottedPath(pointer), complaint)};
}

std::string dottedPath(std::string_view pointer)
{
    if (pointer.empty())
        return "the document";
    std::string path;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const auto end = std::min(pointer.find('/'), pointer.size());
        const auto part = pointer.substr(0, end);
        pointer.remove_prefix(end);
        const bool index = !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
        if (index)
            path += "[" + std::string(part) + "]";
        else
            path += (path.empty() ? "" : ".") + visible(unescaped(part));
    }
    return path;
}

std::string childPointer(std::string_view pointer, std::string_view key)
{
    std::string child(pointer);
    child += '/';
    for (const char c : key)
        child += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return child;
}

std::string ValueRule::expectation() const
{
    const auto quoted = [](std::string_view choice) { return fmt::format("\"{}\"", choice); };
    std::string list;
    for (const auto choice : choices)
        list += (list.empty() ? "" : ", ") + quoted(choice);
    const auto range = fmt::format("from {} to {}", plainNumber(min), plainNumber(max));
    switch (kind) {
    case Kind::Text:
        return choices.empty() ? (mayBeEmpty ? "a text" : "a text that is not empty") : "one of " + list;
    case Kind::TextList:
        return std::string(min > 0 ? "a list of at least one text" : "a list of texts") + (choices.empty() ? "" : ", each one of " + list);
    case Kind::Integer:
        return "a whole number " + range;
    case Kind::Number:
        return "a number " + range;
    case Kind::Boolean:
        return "true or false";
    }
    return {};
}

std::string ValueRule::complaint(const Json& value) const
{
    const auto allowed = [&](const Json& text) {
        if (!text.is_string() || (!mayBeEmpty && text.get_ref<const std::string&>().empty()))
            return false;
        return choices.empty() || std::ranges::find(choices, std::string_view(text.get_ref<const std::string&>())) != choices.end();
    };
    bool fine = false;
    switch (kind) {
    case Kind::Text:
        fine = allowed(value);
        break;
    case Kind::TextList:
        fine = value.is_array() && double(value.size()) >= min && std::ranges::all_of(value, allowed);
        break;
    case Kind::Integer:
        fine = value.is_number_integer() && value.get<double>() >= min && value.get<double>() <= max;
        break;
    case Kind::Number:
        fine = value.is_number() && value.get<double>() >= min && value.get<double>() <= max;
        break;
    case Kind::Boolean:
        fine = value.is_boolean();
        break;
    }
    if (fine)
        return {};
    return secret ? fmt::format("must be {}", expectation()) : fmt::format("must be {}, not {}", expectation(), shown(value));
}

std::string nearestWord(std::string_view word, std::span<const std::string> candidates)
{
    const auto wanted = bare(word);
    std::string nearest;
    auto best = std::max<std::size_t>(wanted.size() / 3, 1) + 1; // farther away it is another word
    for (const auto& candidate : candidates) {
        const auto distance = wanted.size() > 100 ? best : editDistance(wanted, bare(candidate));
        if (distance < best) {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

ObjectReader::ObjectReader(const JsonDocument& document, std::string pointer, std::vector<std::string> keys)
    : m_document(document), m_pointer(std::move(pointer))
{
    const auto& value = m_document.root.at(Json::json_pointer(m_pointer));
    if (!value.is_object()) {
        m_error = m_document.invalid(m_pointer, "must be an object, not " + shown(value));
        m_failed = true;
        return;
    }
    m_object = &value;
    for (const auto& [key, member] : value.items()) {
        if (key.starts_with('_') || std::ranges::find(keys, key) != keys.end())
            continue;
        const auto meant = nearestWord(key, keys);
        complain(key, "is not known" + (meant.empty() ? known(keys) : "; did you mean \"" + meant + "\"?"));
        m_error.remedy = "Correct or remove it. A key that begins with _ is a comment.";
        return;
    }
}

const Json* ObjectReader::take(const std::string& key)
{
    if (m_failed)
        return nullptr;
    const auto found = m_object->find(key);
    return found == m_object->end() ? nullptr : &*found;
}

const Json* ObjectReader::take(const std::string& key, const ValueRule& rule)
{
    const auto* value = take(key);
    if (value == nullptr)
        return nullptr;
    const auto complaint = rule.complaint(*value);
    if (complaint.empty())
        return value;
    complain(key, complaint);
    return nullptr;
}

void ObjectReader::complain(const std::string& key, std::string_view complaint)
{
    if (m_failed)
        return;
    m_failed = true;
    m_error = m_document.invalid(childPointer(m_pointer, key), complaint);
}

} // namespace aap
