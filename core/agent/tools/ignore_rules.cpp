#include "core/agent/tools/ignore_rules.h"

#include <algorithm>
#include <array>

#include "core/agent/tools/text_edit.h"

namespace aap {
namespace {

/// A class "[a-z]" at `position`; moves it behind. What is no class is a bracket.
QString classAt(const QString& glob, qsizetype& position)
{
    const auto end = glob.indexOf(QLatin1Char(']'), position + 2);
    if (end < 0)
        return QStringLiteral("\\[");
    auto inside = glob.mid(position + 1, end - position - 1);
    position = end;
    if (inside.startsWith(QLatin1Char('!')))
        inside[0] = QLatin1Char('^');
    return QLatin1Char('[') + inside.replace(QLatin1Char('['), QStringLiteral("\\[")) + QLatin1Char(']');
}

/// A gitignore pattern as a regular expression over a path without slashes at its ends.
QString expressionOf(const QString& glob)
{
    QString expression;
    for (qsizetype i = 0; i < glob.size(); ++i) {
        const auto rest = QStringView(glob).mid(i);
        if (rest.startsWith(QStringLiteral("**/"))) {
            expression += QStringLiteral("(?:.*/)?");
            i += 2;
        } else if (rest.startsWith(QStringLiteral("**"))) {
            expression += QStringLiteral(".*");
            i += 1;
        } else if (glob[i] == QLatin1Char('*')) {
            expression += QStringLiteral("[^/]*");
        } else if (glob[i] == QLatin1Char('?')) {
            expression += QStringLiteral("[^/]");
        } else if (glob[i] == QLatin1Char('[')) {
            expression += classAt(glob, i);
        } else {
            if (glob[i] == QLatin1Char('\\') && i + 1 < glob.size())
                ++i;
            expression += QRegularExpression::escape(QString(glob[i]));
        }
    }
    return expression;
}

} // namespace

void IgnoreRules::add(std::string_view gitignore, std::string_view folder)
{
    const auto base = folder.empty() ? QString() : QRegularExpression::escape(QString::fromUtf8(folder)) + QLatin1Char('/');
    for (auto line : splitLines(gitignore)) {
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t'))
            line.remove_suffix(1);
        if (line.empty() || line.front() == '#' || line.size() > 1000)
            continue;
        Rule rule;
        rule.exception = line.front() == '!';
        line.remove_prefix(rule.exception ? 1 : 0);
        rule.foldersOnly = line.ends_with('/');
        line.remove_suffix(rule.foldersOnly ? 1 : 0);
        const bool anchored = line.find('/') != std::string_view::npos;
        line.remove_prefix(line.starts_with('/') ? 1 : 0);
        const auto anywhere = anchored ? QString() : QStringLiteral("(?:.*/)?");
        rule.matches.setPattern(QRegularExpression::anchoredPattern(base + anywhere + expressionOf(QString::fromUtf8(line))));
        if (!line.empty() && rule.matches.isValid() && m_rules.size() < 2000)
            m_rules.push_back(rule);
    }
}

bool IgnoreRules::ignores(std::string_view path, bool isFolder) const
{
    const auto text = QString::fromUtf8(path);
    const auto found = std::find_if(m_rules.rbegin(), m_rules.rend(), [&](const Rule& rule) {
        return (isFolder || !rule.foldersOnly) && rule.matches.match(text).hasMatch();
    });
    return found != m_rules.rend() && !found->exception;
}

bool isByproductFolder(std::string_view name)
{
    static constexpr std::array<std::string_view, 15> kNames{".git", "node_modules", "build", "dist", "target", "__pycache__", ".venv",
        "venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", "htmlcov", "coverage", ".gradle"};
    return std::ranges::find(kNames, name) != kNames.end();
}

} // namespace aap
