#include "core/store/sbom.h"

#include <fmt/format.h>

#include "core/agent/tools/manifests.h"
#include "core/base/time.h"
#include "core/store/tree_rules.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostDeclarationBytes = 4U << 20U;

Json relation(const std::string& from, std::string_view kind, const std::string& to)
{
    return {{"spdxElementId", from}, {"relationshipType", kind}, {"relatedSpdxElement", to}};
}

/// SPDX says "depends on" of what runs, and the other way round of what is only needed for building it.
Json relationOf(const Dependency& dependency, const std::string& id)
{
    const std::string project = "SPDXRef-project";
    if (dependency.kind == "development")
        return relation(id, "DEV_DEPENDENCY_OF", project);
    if (dependency.kind == "build")
        return relation(id, "BUILD_DEPENDENCY_OF", project);
    if (dependency.kind == "optional")
        return relation(id, "OPTIONAL_DEPENDENCY_OF", project);
    return relation(project, "DEPENDS_ON", id);
}

} // namespace

Json projectSbom(const Folder& project, const std::string& title, const std::string& runId)
{
    Json packages = Json::array();
    Json relations = Json::array();
    packages.push_back({{"SPDXID", "SPDXRef-project"}, {"name", title}, {"downloadLocation", "NOASSERTION"}, {"filesAnalyzed", false}, {"primaryPackagePurpose", "APPLICATION"}});
    relations.push_back(relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-project"));
    const TreeRules rules;
    (void)project.walk("", [&](const Folder::Entry& entry) { // what cannot be read declares nothing
        if (!reasonToLeaveOut(entry, rules).empty())
            return Folder::Walk::Skip;
        if (entry.kind != Folder::Kind::File || !isManifest(nameOf(entry.path)))
            return Folder::Walk::Into;
        for (const auto& dependency : parseManifest(nameOf(entry.path), project.read(entry.path, kMostDeclarationBytes, Folder::Links::Refuse).value_or(""))) {
            const auto id = fmt::format("SPDXRef-dependency-{}", packages.size());
            Json package{{"SPDXID", id}, {"name", dependency.name}, {"downloadLocation", "NOASSERTION"}, {"filesAnalyzed", false}, {"sourceInfo", "declared in " + entry.path}};
            if (!dependency.version.empty())
                package["versionInfo"] = dependency.version;
            packages.push_back(std::move(package));
            relations.push_back(relationOf(dependency, id));
        }
        return Folder::Walk::Into;
    });
    return {{"spdxVersion", "SPDX-2.3"}, {"dataLicense", "CC0-1.0"}, {"SPDXID", "SPDXRef-DOCUMENT"}, {"name", title},
            {"documentNamespace", fmt::format("urn:agent-pipeline:{}:project", runId)},
            {"creationInfo", {{"created", toIso8601(now()).substr(0, 19) + "Z"}, {"creators", Json::array({"Tool: agent-pipeline"})}}},
            {"packages", std::move(packages)}, {"relationships", std::move(relations)}};
}

} // namespace aap
