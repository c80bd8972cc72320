#include "sandbox/docker/volume_owner.h"

#include <charconv>

#include <fmt/format.h>

#include "sandbox/archive/small_tar.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {

constexpr std::size_t kMostFileTar = 2U << 20U;

std::optional<unsigned> idFrom(std::string_view text)
{
    unsigned id = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failed != std::errc() || end != text.data() + text.size() || id > 0x7fffffffU)
        return {};
    return id;
}

std::string_view field(std::string_view line, int index)
{
    for (; index > 0; --index) {
        const auto colon = line.find(':');
        if (colon == std::string_view::npos)
            return {};
        line.remove_prefix(colon + 1);
    }
    return line.substr(0, line.find(':'));
}

/// The line of passwd or group whose field `index` is `value`.
std::string_view lineWith(std::string_view file, int index, std::string_view value)
{
    while (!file.empty()) {
        const auto line = file.substr(0, file.find('\n'));
        if (field(line, index) == value)
            return line;
        file.remove_prefix(std::min(file.size(), line.size() + 1));
    }
    return {};
}

/// A file of a container; empty when it is not there, is a link or is too big.
Result<std::string> fileOf(DockerClient& client, const std::string& container, std::string_view path, const std::stop_token& stop)
{
    auto answer = client.send({.path = fmt::format("/containers/{}/archive?path={}", container, percentEncoded(path)),
                               .idleTimeout = std::chrono::seconds(30), .bodyLimit = kMostFileTar}, stop);
    if (!answer)
        return std::move(answer).error();
    return answer->status == 200 ? onlyFileOf(answer->body).value_or("") : std::string();
}

std::string placeOf(std::size_t index)
{
    return fmt::format("aap-volume-{}", index);
}

Json lenderBody(const VolumeGift& gift)
{
    Json mounts = Json::array();
    for (const auto& volume : gift.volumes)
        mounts.push_back({{"Type", "volume"}, {"Source", volume}, {"Target", "/" + placeOf(mounts.size())}, {"VolumeOptions", {{"NoCopy", true}}}});
    return {{"Image", gift.image},
            {"Entrypoint", {"/never-started"}},
            {"Labels", gift.labels},
            {"HostConfig", {{"NetworkMode", "none"}, {"CapDrop", {"ALL"}}, {"Mounts", std::move(mounts)}}}};
}

Result<void> putFolder(DockerClient& client, const std::string& container, const std::string& name, std::pair<unsigned, unsigned> owner,
                       const std::stop_token& stop)
{
    auto answer = client.send({.method = "PUT", .path = "/containers/" + container + "/archive?path=%2F",
                               .body = tarOfFolder(name, owner.first, owner.second), .contentType = "application/x-tar",
                               .headTimeout = std::chrono::seconds(60)}, stop);
    if (!answer)
        return std::move(answer).error();
    if (answer->status != 200)
        return Error{ErrorCode::Unavailable, engineMessage(*answer)};
    return {};
}

} // namespace

std::optional<std::pair<unsigned, unsigned>> resolveUser(std::string_view user, std::string_view passwd, std::string_view group)
{
    const auto name = field(user, 0);
    const auto groupName = field(user, 1);
    auto uid = name.empty() ? std::optional(0U) : idFrom(name);
    const auto line = uid ? lineWith(passwd, 2, std::to_string(*uid)) : lineWith(passwd, 0, name);
    if (!uid)
        uid = idFrom(field(line, 2));
    auto gid = groupName.empty() ? idFrom(field(line, 3)).value_or(0) : idFrom(groupName);
    if (!gid)
        gid = idFrom(field(lineWith(group, 0, groupName), 2));
    if (!uid || !gid)
        return {};
    return std::pair(*uid, *gid);
}

Result<void> giveVolumesTo(DockerClient& client, const VolumeGift& gift, const std::stop_token& stop)
{
    auto passwd = fileOf(client, gift.container, "/etc/passwd", stop);
    if (!passwd)
        return std::move(passwd).error();
    auto group = fileOf(client, gift.container, "/etc/group", stop);
    if (!group)
        return std::move(group).error();
    const auto owner = resolveUser(gift.user, *passwd, *group);
    if (!owner)
        return Error{ErrorCode::Invalid, fmt::format("the image's user '{}' is not in its /etc/passwd or /etc/group", gift.user), {},
                     "Write USER with numbers in the Dockerfile, for example USER 1000:1000."};
    const auto name = percentEncoded(gift.containerName + ".owner");
    if (auto cleared = client.call("DELETE", "/containers/" + name + "?force=1&v=1", {}, stop); !cleared && cleared.error().code != ErrorCode::NotFound)
        return std::move(cleared).error();
    auto lender = client.call("POST", "/containers/create?name=" + name, lenderBody(gift), stop);
    if (!lender)
        return std::move(lender).error();
    const auto id = textOf(*lender, "Id");
    Result<void> given;
    for (std::size_t i = 0; given && i < gift.volumes.size(); ++i)
        given = putFolder(client, id, placeOf(i), *owner, stop);
    auto removed = client.call("DELETE", "/containers/" + id + "?force=1&v=1", {}, {});
    if (given && !removed)
        return std::move(removed).error();
    return given;
}

} // namespace aap
