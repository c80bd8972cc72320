#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace aap {

/// A JSON file that a person wrote, with the line of every value, so that messages can say where.
struct JsonDocument {
    std::string name{}; ///< what messages call it: "config.json"
    Json root{};
    std::map<std::string, std::size_t> lines{}; ///< JSON pointer → line, from 1

    /// Strict: UTF-8 without a byte order mark, no key twice in one object, at most 64 levels and 1000 members, nothing after
    /// the end.
    /// Every error names line and column and says what to do.
    static Result<JsonDocument> parse(std::string_view text, std::string name);

    /// "config.json, line 12: budget.run_usd must be …". `complaint` goes on after the path: "must be …".
    Error invalid(const std::string& pointer, std::string_view complaint) const;
};

/// "/budget/run_usd" as people write it: "budget.run_usd", "stages[2].model"; "the document" for the root.
std::string dottedPath(std::string_view pointer);
/// "/a" and "b~/c" make "/a/b~0~1c".
std::string childPointer(std::string_view pointer, std::string_view key);

/// What a setting may be.
struct ValueRule {
    enum class Kind { Text, TextList, Integer, Number, Boolean };
    Kind kind = Kind::Text;
    double min = 0; ///< Integer and Number; of a TextList the fewest entries
    double max = 0;
    std::vector<std::string_view> choices{}; ///< Text, and the entries of a TextList; empty: any
    bool mayBeEmpty = true; ///< Text, and the entries of a TextList

    bool secret = false; ///< complaints do not show the value

    /// "must be a whole number from 1 to 200, not \"many\""; empty when `value` is fine.
    std::string complaint(const Json& value) const;
    /// "a whole number from 1 to 200"
    std::string expectation() const;
};

/// The candidate most like `word`, or "" when none is near enough to have been meant.
std::string nearestWord(std::string_view word, std::span<const std::string> candidates);

/// Reads the members of one object of a document and remembers the first thing that is wrong. Keys that begin with "_" are
/// comments.
class ObjectReader {
public:
    ObjectReader(const JsonDocument& document, std::string pointer, std::vector<std::string> keys);

    /// The member, when it is there and obeys the rule; else null.
    const Json* take(const std::string& key, const ValueRule& rule);
    /// The member of whatever type, or null.
    const Json* take(const std::string& key);
    void complain(const std::string& key, std::string_view complaint);
    const std::string& pointer() const { return m_pointer; }

    bool failed() const { return m_failed; }
    Error error() const { return m_error; }

private:
    const JsonDocument& m_document;
    std::string m_pointer;
    const Json* m_object = nullptr;
    Error m_error{};
    bool m_failed = false;
};

} // namespace aap
