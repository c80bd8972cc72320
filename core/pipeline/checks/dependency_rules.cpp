#include "core/pipeline/checks/dependency_rules.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/manifests.h"
#include "core/agent/tools/text_edit.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostManifest = 1U << 20U;
constexpr std::size_t kMostDependencies = 2000;

/// The line that names it; 1 when none does.
std::size_t lineOf(const std::vector<std::string_view>& lines, const std::string& name)
{
    const auto found = std::ranges::find_if(lines, [&name](std::string_view line) { return line.find(name) != std::string_view::npos; });
    return found == lines.end() ? 1 : std::size_t(found - lines.begin()) + 1;
}

/// "git+https://…", "file:../x", "github:a/b": not from the language's registry.
bool isElsewhere(std::string_view text)
{
    static constexpr std::array<std::string_view, 9> kAddresses{"git+", "git@", "git://", "http://", "https://", "ssh://", "github:", "file:..", "file:/"};
    return std::ranges::any_of(kAddresses, [text](std::string_view address) { return text.find(address) != std::string_view::npos; });
}

/// What follows the name in its line, where manifests are one line a dependency.
std::string_view restOfLine(std::string_view line, const std::string& name)
{
    const auto at = line.find(name);
    return at == std::string_view::npos ? std::string_view() : line.substr(at + name.size());
}

ScanHit judged(const std::string& path, const Dependency& dependency, const std::vector<std::string_view>& lines)
{
    ScanHit hit{.file = path, .line = lineOf(lines, dependency.name), .severity = "info"};
    const auto name = shortened(cleanText(dependency.name), 200);
    const auto version = shortened(cleanText(dependency.version), 100);
    if (isElsewhere(dependency.version) || isElsewhere(restOfLine(lines.empty() ? std::string_view() : lines[std::min(hit.line, lines.size()) - 1], dependency.name))) {
        hit.severity = "high";
        hit.what = fmt::format("DEP1: {} comes from an address and not from a registry", name);
    } else if (version.empty() || version == "*" || version == "latest" || version == "x") {
        const bool isFindPackage = path.ends_with("CMakeLists.txt"); // a system's library: what is installed is what there is
        hit.severity = isFindPackage ? "info" : "medium";
        hit.what = fmt::format("DEP2: {} may come in any version ({})", name, dependency.kind);
    } else {
        hit.what = fmt::format("DEP0: {} {} ({})", name, version, dependency.kind);
    }
    return hit;
}

/// Without a version number: "linux-image-6.1" is none of these.
bool letsOthersIn(std::string_view package)
{
    static constexpr std::array<std::string_view, 14> kNames{"openssh-server", "dropbear", "telnetd", "rsh-server", "vsftpd", "proftpd", "xrdp", "tightvncserver",
        "sudo", "doas", "docker.io", "docker-ce", "podman", "socat"};
    return std::ranges::find(kNames, package) != kNames.end();
}

} // namespace

std::vector<ScanHit> dependencyHitsOf(const std::string& path, std::string_view text)
{
    const auto name = path.substr(path.rfind('/') + 1);
    const auto lines = splitLines(text);
    std::vector<ScanHit> hits;
    for (const auto& dependency : parseManifest(name, text))
        if (hits.size() < kMostDependencies)
            hits.push_back(judged(path, dependency, lines));
    return hits;
}

std::vector<ScanHit> dependencyHits(const Folder& repo)
{
    std::vector<ScanHit> hits;
    (void)repo.walk("", [&](const Folder::Entry& entry) { // what cannot be read asks for nothing; the tree has its own check
        const auto name = entry.path.substr(entry.path.rfind('/') + 1);
        if (entry.kind == Folder::Kind::Folder && (name == "node_modules" || name == ".git" || name == "build" || name == ".venv" || name == "venv"))
            return Folder::Walk::Skip;
        if (entry.kind == Folder::Kind::File && entry.bytes <= kMostManifest && isManifest(name) && hits.size() < kMostDependencies)
            for (auto& hit : dependencyHitsOf(entry.path, repo.read(entry.path, kMostManifest).value_or("")))
                hits.push_back(std::move(hit));
        return Folder::Walk::Into;
    });
    return hits;
}

std::vector<ScanHit> imagePackageHits(std::string_view packageList)
{
    std::vector<ScanHit> hits;
    for (const auto line : splitLines(packageList)) {
        const auto first = line.find('\t');
        const auto second = first == std::string_view::npos ? first : line.find('\t', first + 1);
        const auto kind = line.substr(0, first);
        if (second == std::string_view::npos || (kind != "deb" && kind != "pip" && kind != "npm") || hits.size() >= 5 * kMostDependencies)
            continue;
        const auto name = shortened(cleanText(line.substr(first + 1, second - first - 1)), 200);
        const auto version = shortened(cleanText(line.substr(second + 1)), 100);
        const bool isBad = kind == "deb" && letsOthersIn(name);
        hits.push_back({.file = "(image)", .line = 1, .severity = isBad ? "high" : "info",
                        .what = isBad ? fmt::format("PKG1: {} {} lets others in or gives rights away; a service needs none of it", name, version)
                                      : fmt::format("PKG0: {} {} {}", kind, name, version)});
    }
    return hits;
}

} // namespace aap
