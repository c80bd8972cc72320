#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <QRegularExpression>
#include <QString>

namespace aap {

/// What is looked for.
struct LogQuery {
    QString words{};
    bool matchCase = false;
    bool wholeWord = false;
    bool regex = false;

    /// Invalid when the user's own expression is.
    QRegularExpression expression() const;
    friend bool operator==(const LogQuery&, const LogQuery&) = default;
};

/// Finds the lines that hold what is looked for as they are shown: colours, control codes and what was overwritten are not seen.
/// Words of ASCII, and all whose case counts, are looked for as bytes; everything else is text of one line at a time.
class LineMatcher {
public:
    explicit LineMatcher(const LogQuery& query);

    /// `block`: whole lines, the first of them `firstLine`. Hits are appended, in order.
    void find(std::string_view block, std::uint64_t firstLine, std::vector<std::uint64_t>& hits, const std::stop_token& stop);

private:
    void show(std::string_view block);
    void findBytes(std::uint64_t line, std::vector<std::uint64_t>& hits, const std::stop_token& stop) const;
    void findExpression(std::uint64_t line, std::vector<std::uint64_t>& hits, const std::stop_token& stop) const;
    bool matches(std::string_view line) const;

    QRegularExpression m_expression;
    std::string m_needle;
    std::string m_shown{}; ///< the block as it is shown
    bool m_asBytes = false;
    bool m_lower = false;
    bool m_wholeWord = false;
};

} // namespace aap
