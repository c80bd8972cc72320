#include "app/cli/printable.h"

#include <QString>

namespace aap {
namespace {

bool turnsDirection(char32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
}

/// The position behind an escape sequence that begins at `at`: CSI …letter, OSC …BEL or ST, or ESC and one more.
qsizetype behindEscape(const QString& text, qsizetype at)
{
    if (at + 1 >= text.size())
        return text.size();
    const auto kind = text[at + 1];
    if (kind == u'[') {
        auto i = at + 2;
        while (i < text.size() && !(text[i] >= u'@' && text[i] <= u'~'))
            ++i;
        return std::min(i + 1, text.size());
    }
    if (kind == u']' || kind == u'P' || kind == u'_' || kind == u'^') {
        for (auto i = at + 2; i < text.size(); ++i) {
            if (text[i] == u'\a')
                return i + 1;
            if (text[i] == u'\x1b' && i + 1 < text.size() && text[i + 1] == u'\\')
                return i + 2;
        }
        return text.size();
    }
    return at + 2;
}

} // namespace

std::string printable(std::string_view text)
{
    const auto decoded = QString::fromUtf8(text.data(), qsizetype(text.size()));
    QString kept;
    kept.reserve(decoded.size());
    for (qsizetype i = 0; i < decoded.size();) {
        const auto c = decoded[i];
        if (c == u'\x1b') {
            i = behindEscape(decoded, i);
            continue;
        }
        const auto code = c.unicode();
        const bool control = (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0);
        if (!control && !turnsDirection(code))
            kept += c;
        ++i;
    }
    return kept.toStdString();
}

std::string escaped(std::string_view text)
{
    const auto decoded = QString::fromUtf8(text.data(), qsizetype(text.size()));
    QString shown;
    shown.reserve(decoded.size());
    for (const auto c : decoded) {
        const auto code = c.unicode();
        const bool isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
        const bool isUnseen = turnsDirection(code) || (code >= 0x200B && code <= 0x200D) || code == 0x2028 || code == 0x2029 || code == 0xFEFF || code == 0x00AD;
        if (code == '\n')
            shown += QStringLiteral("\\n");
        else if (code == '\\')
            shown += QStringLiteral("\\\\");
        else if (isControl)
            shown += QStringLiteral("\\x%1").arg(code, 2, 16, QLatin1Char('0'));
        else if (isUnseen)
            shown += QStringLiteral("\\u%1").arg(code, 4, 16, QLatin1Char('0'));
        else
            shown += c;
    }
    return shown.toStdString();
}

std::string cutTo(std::string_view text, std::size_t columns)
{
    const auto decoded = QString::fromUtf8(text.data(), qsizetype(text.size()));
    if (decoded.size() <= qsizetype(columns))
        return std::string(text);
    return (decoded.left(qsizetype(columns) - 1) + u'…').toStdString();
}

} // namespace aap
