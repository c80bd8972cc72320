#include "core/store/sbom.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include <QUrl>
#include <QUuid>

#include "core/agent/tools/manifests.h"
#include "core/base/time.h"
#include "core/store/tree_rules.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostDeclarationBytes = 4U << 20U;
constexpr auto kSbomProject = "project";

/// "1.2.3" where the manifest allows this one only; else empty.
std::string pinnedVersion(const std::string& manifest, std::string version)
{
    const bool isSaid = version.starts_with("==");
    if (isSaid)
        version.erase(0, version.find_first_not_of("= "));
    const bool isPlain = !version.empty() && std::ranges::all_of(version, [](unsigned char c) { return std::isalnum(c) != 0 || c == '.' || c == '+' || c == '-' || c == '_'; })
        && version.find_first_of("0123456789") <= 1;
    return isPlain && (isSaid || manifest != "Cargo.toml") ? version : std::string(); // there a plain one is the least
}

/// The kind of package that a manifest lists, as package URLs call it.
std::string_view packageType(const std::string& manifest)
{
    if (manifest == "package.json")
        return "npm";
    if (manifest == "Cargo.toml")
        return "cargo";
    if (manifest == "go.mod")
        return "golang";
    if (manifest == "pom.xml" || manifest.starts_with("build.gradle"))
        return "maven";
    return manifest == "CMakeLists.txt" ? "" : "pypi";
}

/// "pkg:npm/%40scope/name@1.2"; empty where the kind is not known.
std::string packageUrl(const std::string& manifest, const std::string& name, const std::string& version)
{
    const auto type = packageType(manifest);
    if (type.empty())
        return {};
    auto path = name;
    if (type == "maven")
        std::ranges::replace(path, ':', '/');
    const auto encoded = [](const std::string& text, const char* keep) { return QUrl::toPercentEncoding(QString::fromStdString(text), keep).toStdString(); };
    return fmt::format("pkg:{}/{}{}", type, encoded(path, "/"), version.empty() ? "" : "@" + encoded(version, ""));
}

Json component(const std::string& manifestPath, const Dependency& dependency, const std::string& reference)
{
    const auto manifest = nameOf(manifestPath);
    const auto version = pinnedVersion(manifest, dependency.version);
    Json properties = Json::array();
    properties.push_back({{"name", "agent-pipeline:declared_in"}, {"value", manifestPath}});
    properties.push_back({{"name", "agent-pipeline:kind"}, {"value", dependency.kind}});
    if (version.empty() && !dependency.version.empty())
        properties.push_back({{"name", "agent-pipeline:versions"}, {"value", dependency.version}});
    Json made{{"type", "library"}, {"bom-ref", reference}, {"name", dependency.name}};
    if (!version.empty())
        made["version"] = version;
    made["scope"] = dependency.kind == "runtime" ? "required" : dependency.kind == "optional" ? "optional" : "excluded"; // not part of what runs
    if (const auto url = packageUrl(manifest, dependency.name, version); !url.empty())
        made["purl"] = url;
    made["properties"] = std::move(properties);
    return made;
}

} // namespace

Json projectSbom(const Folder& project, const std::string& title, const std::string& runId)
{
    Json components = Json::array();
    Json references = Json::array();
    const TreeRules rules;
    (void)project.walk("", [&](const Folder::Entry& entry) { // what cannot be read declares nothing
        if (!reasonToLeaveOut(entry, rules).empty())
            return Folder::Walk::Skip;
        if (entry.kind != Folder::Kind::File || !isManifest(nameOf(entry.path)))
            return Folder::Walk::Into;
        for (const auto& dependency : parseManifest(nameOf(entry.path), project.read(entry.path, kMostDeclarationBytes, Folder::Links::Refuse).value_or(""))) {
            const auto reference = fmt::format("dependency-{}", components.size() + 1);
            components.push_back(component(entry.path, dependency, reference));
            references.push_back(reference);
        }
        return Folder::Walk::Into;
    });
    const auto serial = QUuid::createUuidV5(QUuid(), QStringLiteral("agent-pipeline:%1:project").arg(QString::fromStdString(runId)));
    const Json tool{{"type", "application"}, {"name", "agent-pipeline"}};
    return {{"bomFormat", "CycloneDX"}, {"specVersion", "1.5"}, {"serialNumber", "urn:uuid:" + serial.toString(QUuid::WithoutBraces).toStdString()}, {"version", 1},
            {"metadata", {{"timestamp", toIso8601(now()).substr(0, 19) + "Z"}, {"tools", {{"components", Json::array({tool})}}},
                          {"component", {{"type", "application"}, {"bom-ref", kSbomProject}, {"name", title}}}}},
            {"components", std::move(components)},
            {"dependencies", Json::array({Json{{"ref", kSbomProject}, {"dependsOn", std::move(references)}}})}};
}

} // namespace aap
