#include "core/pipeline/checks/image_report.h"

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/base/json.h"
#include "core/base/time.h"

namespace aap {
namespace {

struct Package {
    std::string kind{};
    std::string name{};
    std::string version{};
};

std::vector<Package> packagesOf(std::string_view list)
{
    std::vector<Package> packages;
    while (!list.empty()) {
        const auto line = list.substr(0, list.find('\n'));
        list.remove_prefix(std::min(line.size() + 1, list.size()));
        const auto first = line.find('\t');
        const auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
        const auto kind = line.substr(0, first);
        if (second != std::string_view::npos && (kind == "deb" || kind == "pip" || kind == "npm"))
            packages.push_back({std::string(kind), shortened(cleanText(line.substr(first + 1, second - first - 1)), 200),
                                shortened(cleanText(line.substr(second + 1)), 100)});
    }
    return packages;
}

std::string packageUrl(const Package& package)
{
    const auto type = package.kind == "deb" ? "deb/debian" : package.kind == "pip" ? "pypi" : "npm";
    return fmt::format("pkg:{}/{}@{}", type, package.name, package.version);
}

std::string dump(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace

std::string imageJson(const BuiltImage& image)
{
    Json names = Json::array();
    for (const auto& variable : image.environment)
        names.push_back(variable.substr(0, variable.find('=')));
    return dump(Json{{"id", image.id}, {"tag", image.tag}, {"bytes", image.bytes}, {"layers", image.layers}, {"user", image.user},
                     {"exposed_ports", image.exposedPorts}, {"environment", std::move(names)}});
}

std::string packageListScript()
{
    return R"sh(dpkg-query -W -f 'deb\t${Package}\t${Version}\n' 2>/dev/null
python3 -c 'import importlib.metadata as m
for d in m.distributions(): print("pip", d.metadata["Name"], d.version, sep="\t")' 2>/dev/null
for f in /usr/lib/node_modules/*/package.json /usr/share/nodejs/*/package.json; do
  [ -f "$f" ] && sed -n 's/^  "name": "\([^"]*\)".*/\1/p;s/^  "version": "\([^"]*\)".*/\1/p' "$f" | paste - - 2>/dev/null | sed 's/^/npm\t/'
done
exit 0)sh";
}

std::string sbomJson(const BuiltImage& image, std::string_view packageList, const std::string& runId)
{
    Json packages = Json::array();
    Json relations = Json::array();
    packages.push_back(Json{{"SPDXID", "SPDXRef-image"}, {"name", image.tag}, {"versionInfo", image.id}, {"downloadLocation", "NOASSERTION"},
                            {"filesAnalyzed", false}, {"primaryPackagePurpose", "CONTAINER"}});
    relations.push_back(Json{{"spdxElementId", "SPDXRef-DOCUMENT"}, {"relationshipType", "DESCRIBES"}, {"relatedSpdxElement", "SPDXRef-image"}});
    std::size_t number = 0;
    for (const auto& package : packagesOf(packageList)) {
        const auto id = fmt::format("SPDXRef-package-{}", ++number);
        Json reference{{"referenceCategory", "PACKAGE-MANAGER"}, {"referenceType", "purl"}, {"referenceLocator", packageUrl(package)}};
        packages.push_back(Json{{"SPDXID", id}, {"name", package.name}, {"versionInfo", package.version}, {"downloadLocation", "NOASSERTION"},
                                {"filesAnalyzed", false}, {"externalRefs", Json::array({std::move(reference)})}});
        relations.push_back(Json{{"spdxElementId", "SPDXRef-image"}, {"relationshipType", "CONTAINS"}, {"relatedSpdxElement", id}});
    }
    Json creation{{"created", toIso8601(now()).substr(0, 19) + "Z"}, {"creators", Json::array({"Tool: agent-pipeline"})}};
    return dump(Json{{"spdxVersion", "SPDX-2.3"}, {"dataLicense", "CC0-1.0"}, {"SPDXID", "SPDXRef-DOCUMENT"}, {"name", image.tag},
                     {"documentNamespace", fmt::format("urn:agent-pipeline:{}:{}", runId, image.id)}, {"creationInfo", std::move(creation)},
                     {"packages", std::move(packages)}, {"relationships", std::move(relations)}});
}

std::size_t packagesIn(std::string_view packageList)
{
    return packagesOf(packageList).size();
}

} // namespace aap
