#include "sandbox/docker/names.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/ids.h"

namespace aap {
namespace {

bool isServiceName(std::string_view name)
{
    const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= 63 && plain(name.front())
        && std::ranges::all_of(name, [&](char c) { return plain(c) || c == '_' || c == '.' || c == '-'; });
}

} // namespace

Json deploymentLabels(const std::string& runId)
{
    return {{kAppLabel, "1"}, {kRunLabel, runId}, {kKindLabel, kDeploymentKind}};
}

bool hasLabels(const Json& labels, const Json& wanted)
{
    return std::ranges::all_of(wanted.items(), [&](const auto& item) { return member(labels, item.key()) == item.value(); });
}

Result<std::string> deploymentName(const std::string& runId, std::string_view name)
{
    if (!isRunId(runId))
        return Error{ErrorCode::Invalid, fmt::format("'{}' is no run id", runId.substr(0, 100))};
    if (name.empty())
        return "aap-" + runId;
    if (!isServiceName(name))
        return Error{ErrorCode::Invalid, fmt::format("'{}' cannot be the name of a service or volume", name.substr(0, 100)), {},
                     "Use up to 63 lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit."};
    return fmt::format("aap-{}-{}", runId, name);
}

const Json& member(const Json& object, std::string_view name)
{
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

std::string textOf(const Json& object, std::string_view name)
{
    const auto& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string();
}

std::int64_t numberOf(const Json& object, std::string_view name)
{
    const auto& value = member(object, name);
    return value.is_number() ? value.get<std::int64_t>() : 0;
}

} // namespace aap
