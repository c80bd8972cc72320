#include "core/store/html.h"

#include <fmt/format.h>

#include <QString>

namespace aap {
namespace {

bool turnsDirection(char16_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

std::string row(const std::vector<std::string>& cells, std::string_view tag)
{
    std::string html = "<tr>";
    for (const auto& cell : cells)
        html += fmt::format("<{0}>{1}</{0}>", tag, cell);
    return html + "</tr>\n";
}

} // namespace

std::string htmlEscaped(std::string_view text)
{
    QString safe;
    for (const QChar c : QString::fromUtf8(text.data(), qsizetype(text.size()))) {
        if (turnsDirection(c.unicode()))
            continue;
        const bool isControl = c.category() == QChar::Other_Control && c != u'\n' && c != u'\t';
        if (c == u'\'')
            safe += QStringLiteral("&#39;");
        else
            safe += isControl ? QString(QChar::ReplacementCharacter) : QString(c).toHtmlEscaped();
    }
    return safe.toStdString();
}

std::string htmlTable(const std::vector<std::string>& heads, const std::vector<std::vector<std::string>>& rows)
{
    if (rows.empty())
        return {};
    auto html = "<div class=\"wide\"><table>\n<thead>" + row(heads, "th") + "</thead>\n<tbody>\n";
    for (const auto& cells : rows)
        html += row(cells, "td");
    return html + "</tbody></table></div>\n";
}

std::string htmlSection(std::string_view title, const std::string& body)
{
    return body.empty() ? std::string() : fmt::format("<section><h2>{}</h2>\n{}</section>\n", htmlEscaped(title), body);
}

} // namespace aap
