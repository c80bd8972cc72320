#include "core/store/lasting_text.h"

#include <initializer_list>

#include <QRegularExpression>
#include <QString>

namespace aap {
namespace {

struct Passing {
    QRegularExpression pattern;
    QString standsFor;
};

QString replaced(QString text, const std::initializer_list<Passing>& rules)
{
    for (const auto& rule : rules)
        text.replace(rule.pattern, rule.standsFor);
    return text;
}

QString utf16(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

QString momentsReplaced(const QString& text)
{
    static const std::initializer_list<Passing> kMoments{
        {QRegularExpression(QStringLiteral(R"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:?\d\d)?)")), QStringLiteral("(moment)")},
        {QRegularExpression(QStringLiteral(R"(\b1[5-9]\d{8}(\d{3})?\b)")), QStringLiteral("(moment)")},
    };
    return replaced(text, kMoments);
}

} // namespace

std::string withoutMoments(std::string_view text)
{
    return momentsReplaced(utf16(text)).toStdString();
}

std::string lastingText(std::string_view text)
{
    static const std::initializer_list<Passing> kPassing{
        {QRegularExpression(QStringLiteral(R"(\b\d{8}-\d{6}-[0-9a-f]{6}\b)")), QStringLiteral("(run)")},
        {QRegularExpression(QStringLiteral(R"(\b0x[0-9a-f]{4,16}\b)")), QStringLiteral("(address)")},
        {QRegularExpression(QStringLiteral(R"(\b[0-9a-f]{12,64}\b)")), QStringLiteral("(id)")},
        {QRegularExpression(QStringLiteral(R"(\b\d+\.\d+(e-?\d+)?(?![\d.]|\s?%)( ?(ms|milliseconds|s|seconds|[kMG]i?B)\b)?)")), QStringLiteral("(figure)")},
        {QRegularExpression(QStringLiteral(R"((?<![.\d])\d+ ?(ms|milliseconds|s|seconds|bytes|[kMG]i?B)\b)")), QStringLiteral("(figure)")},
        {QRegularExpression(QStringLiteral(R"(:\d{4,5}\b)")), QStringLiteral(":(port)")},
    };
    return replaced(momentsReplaced(utf16(text)), kPassing).toStdString();
}

} // namespace aap
