#include "sandbox/docker/image_packages.h"

#include <algorithm>

#include "core/agent/tool_text.h"

namespace aap {
namespace {

constexpr std::size_t kMostPackages = 20'000;

/// Off the front, up to the separator.
std::string_view fieldOf(std::string_view& rest, char separator)
{
    const auto end = std::min(rest.find(separator), rest.size());
    const auto field = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return field;
}

} // namespace

std::vector<ImagePackage> packagesFrom(std::string_view lines)
{
    std::vector<ImagePackage> packages;
    while (!lines.empty() && packages.size() < kMostPackages) {
        auto line = fieldOf(lines, '\n');
        const auto name = fieldOf(line, '\t');
        const auto version = fieldOf(line, '\t');
        if (!name.empty() && !version.empty() && line == "installed")
            packages.push_back({cleanText(name), cleanText(version)});
    }
    std::ranges::sort(packages, {}, &ImagePackage::name);
    return packages;
}

Result<std::vector<ImagePackage>> packagesOfImage(SandboxProvider& sandboxes, const std::string& runId, const std::stop_token& stop)
{
    auto sandbox = sandboxes.open({.purpose = SandboxPurpose::Prober, .runId = runId, .stage = "info"}, stop);
    if (!sandbox)
        return std::move(sandbox).error();
    const Command ask{.argv = {"dpkg-query", "-W", "-f", "${Package}\\t${Version}\\t${db:Status-Status}\\n"}, .workdir = "/"};
    const auto answer = (*sandbox)->run(ask, {}, stop);
    if (!answer)
        return answer.error();
    auto packages = packagesFrom(answer->standardOutput);
    if (!answer->succeeded() || packages.empty())
        return Error{ErrorCode::Protocol, "the image does not tell its packages", {}, "Only images made of Debian do; 'agent-pipeline sandbox build' makes one."};
    return packages;
}

} // namespace aap
