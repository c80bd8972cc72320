#include "core/agent/tools/manifests.h"

#include <algorithm>
#include <array>

#include <QRegularExpression>

#include "core/agent/tools/text_edit.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

using Dependencies = std::vector<Dependency>;

std::string trimmed(std::string_view text)
{
    return QString::fromUtf8(text).trimmed().toStdString();
}

Dependencies packageJson(std::string_view text)
{
    static constexpr std::array<std::pair<const char*, const char*>, 4> kGroups{{{"dependencies", "runtime"},
        {"devDependencies", "development"}, {"peerDependencies", "runtime"}, {"optionalDependencies", "optional"}}};
    const auto json = parseBounded(text);
    Dependencies all;
    for (const auto& [group, kind] : kGroups)
        if (const auto& members = memberOf(json, group); members.is_object())
            for (const auto& [name, version] : members.items())
                all.push_back({name, version.is_string() ? version.get<std::string>() : std::string(), kind});
    return all;
}

/// "requests[socks] >= 2.0 ; python_version > '3'" as PEP 508 writes it.
void addRequirement(Dependencies& all, std::string_view line, const std::string& kind)
{
    static const QRegularExpression form(QStringLiteral(R"~(^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#@)]*))~"));
    const auto match = form.match(QString::fromUtf8(line));
    if (match.hasMatch())
        all.push_back({match.captured(1).toStdString(), match.captured(2).trimmed().toStdString(), kind});
}

Dependencies requirementsTxt(std::string_view fileName, std::string_view text)
{
    const std::string kind = fileName.find("dev") != std::string_view::npos || fileName.find("test") != std::string_view::npos ? "development" : "runtime";
    Dependencies all;
    for (const auto line : splitLines(text))
        if (!line.starts_with('-') && !line.starts_with('#'))
            addRequirement(all, line, kind);
    return all;
}

/// The quoted entries of a TOML list that starts in `line`; moves `index` to the list's last line.
std::vector<std::string> tomlList(const std::vector<std::string_view>& lines, std::size_t& index)
{
    static const QRegularExpression quoted(QStringLiteral(R"~("([^"]*)"|'([^']*)')~"));
    auto text = std::string(lines[index].substr(lines[index].find('=') + 1));
    const auto isOpen = [&] { // a bracket behind the last quote closes the list
        const auto quote = text.find_last_of("\"'");
        return text.find(']', quote == std::string::npos ? 0 : quote) == std::string::npos;
    };
    while (isOpen() && index + 1 < lines.size())
        text += std::string(lines[++index]) + '\n';
    std::vector<std::string> entries;
    for (auto matches = quoted.globalMatch(QString::fromUtf8(text)); matches.hasNext();) {
        const auto match = matches.next();
        entries.push_back((match.captured(1) + match.captured(2)).toStdString());
    }
    return entries;
}

/// A line `name = "1.2"` or `name = {version = "1.2", …}`.
void addTomlPair(Dependencies& all, std::string_view line, const std::string& kind)
{
    static const QRegularExpression form(QStringLiteral(R"~(^\s*"?([A-Za-z0-9._-]+)"?\s*=\s*(?:"([^"]*)"|\{.*?version\s*=\s*"([^"]*)"|\{))~"));
    const auto match = form.match(QString::fromUtf8(line));
    if (match.hasMatch() && match.captured(1) != QStringLiteral("python"))
        all.push_back({match.captured(1).toStdString(), (match.captured(2) + match.captured(3)).toStdString(), kind});
}

Dependencies pyprojectToml(std::string_view text)
{
    Dependencies all;
    std::string section;
    const auto lines = splitLines(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto line = trimmed(lines[i]);
        const auto key = trimmed(std::string_view(line).substr(0, line.find('=')));
        if (line.starts_with('['))
            section = line;
        else if ((section == "[project]" && key == "dependencies") || (section == "[build-system]" && key == "requires"))
            for (const auto kind = section == "[project]" ? "runtime" : "build"; const auto& entry : tomlList(lines, i))
                addRequirement(all, entry, kind);
        else if (section == "[project.optional-dependencies]" && line.find('=') != std::string::npos)
            for (const auto& entry : tomlList(lines, i))
                addRequirement(all, entry, "optional");
        else if (section == "[tool.poetry.dependencies]")
            addTomlPair(all, line, "runtime");
        else if (section.starts_with("[tool.poetry.") && section.ends_with("dependencies]"))
            addTomlPair(all, line, "development");
    }
    return all;
}

Dependencies cargoToml(std::string_view text)
{
    Dependencies all;
    std::string kind;
    for (const auto line : splitLines(text)) {
        const auto plain = trimmed(line);
        if (plain.starts_with('['))
            kind = plain == "[dependencies]" ? "runtime" : plain == "[dev-dependencies]" ? "development" : plain == "[build-dependencies]" ? "build" : "";
        else if (!kind.empty() && !plain.starts_with('#'))
            addTomlPair(all, plain, kind);
    }
    return all;
}

/// Every match of `pattern`: group 1 the name, group 2 the version.
Dependencies matched(std::string_view text, const char* pattern)
{
    const QRegularExpression form(QString::fromUtf8(pattern), QRegularExpression::MultilineOption);
    Dependencies all;
    const auto document = QString::fromUtf8(text);
    for (auto matches = form.globalMatch(document); matches.hasNext();) {
        const auto match = matches.next();
        all.push_back({match.captured(1).toStdString(), match.captured(2).trimmed().toStdString(), "runtime"});
    }
    return all;
}

Dependencies buildGradle(std::string_view text)
{
    static const QRegularExpression form(QStringLiteral(
        R"~(^\s*(\w*[iI]mplementation|api|compileOnly|runtimeOnly|annotationProcessor)\s*\(?\s*["']([^"':]+:[^"':]+)(?::([^"']+))?["'])~"),
        QRegularExpression::MultilineOption);
    Dependencies all;
    const auto document = QString::fromUtf8(text);
    for (auto matches = form.globalMatch(document); matches.hasNext();) {
        const auto match = matches.next();
        all.push_back({match.captured(2).toStdString(), match.captured(3).toStdString(),
                       match.captured(1).startsWith(QStringLiteral("test")) ? "development" : "runtime"});
    }
    return all;
}

Dependencies pomXml(std::string_view text)
{
    static const QRegularExpression block(QStringLiteral("<dependency>(.*?)</dependency>"), QRegularExpression::DotMatchesEverythingOption);
    const auto valueOf = [](const QString& xml, const char* tag) {
        const QRegularExpression form(QStringLiteral("<%1>\\s*([^<]*?)\\s*</%1>").arg(QLatin1String(tag)));
        return form.match(xml).captured(1).toStdString();
    };
    Dependencies all;
    const auto document = QString::fromUtf8(text);
    for (auto matches = block.globalMatch(document); matches.hasNext();) {
        const auto xml = matches.next().captured(1);
        all.push_back({valueOf(xml, "groupId") + ':' + valueOf(xml, "artifactId"), valueOf(xml, "version"),
                       valueOf(xml, "scope") == "test" ? "development" : "runtime"});
    }
    return all;
}

bool isRequirements(std::string_view name)
{
    return name.starts_with("requirements") && name.ends_with(".txt");
}

} // namespace

bool isManifest(std::string_view fileName)
{
    static constexpr std::array<std::string_view, 8> kNames{"package.json", "pyproject.toml", "go.mod", "Cargo.toml", "pom.xml",
        "build.gradle", "build.gradle.kts", "CMakeLists.txt"};
    return isRequirements(fileName) || std::ranges::find(kNames, fileName) != kNames.end();
}

std::vector<Dependency> parseManifest(std::string_view fileName, std::string_view text)
{
    if (fileName == "package.json")
        return packageJson(text);
    if (isRequirements(fileName))
        return requirementsTxt(fileName, text);
    if (fileName == "pyproject.toml")
        return pyprojectToml(text);
    if (fileName == "Cargo.toml")
        return cargoToml(text);
    if (fileName == "pom.xml")
        return pomXml(text);
    if (fileName == "go.mod")
        return matched(text, R"~(^\s*(?:require\s+)?([a-z0-9.-]+\.[a-z]+/[^\s]+)\s+(v[^\s]+))~");
    if (fileName.starts_with("build.gradle"))
        return buildGradle(text);
    if (fileName == "CMakeLists.txt")
        return matched(text, R"~(^\s*find_package\s*\(\s*([A-Za-z0-9_+.-]+)(?:\s+([0-9][0-9.]*))?)~");
    return {};
}

} // namespace aap
