#include "sandbox/docker/leftovers.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "core/base/pause.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {

constexpr Milliseconds kCleanTimeout = std::chrono::seconds(60); // a busy machine takes long to kill

constexpr Milliseconds kLookAgain{100};

std::string filtersFor(const Labels& labels)
{
    auto wanted = Json::array({"aap.app=1"});
    for (const auto& [name, value] : labels)
        wanted.push_back(name + "=" + value);
    return encodedFilters(Json{{"label", std::move(wanted)}});
}

bool isNamed(std::string_view name, const std::string& prefix)
{
    return name == prefix || name.starts_with(prefix + "-");
}

/// The texts of an array, or none.
std::vector<std::string> textsIn(const Json& object, std::string_view key)
{
    std::vector<std::string> texts;
    if (const auto& list = member(object, key); list.is_array())
        for (const auto& item : list)
            if (item.is_string())
                texts.push_back(item.get<std::string>());
    return texts;
}

/// Of a container what it has written, of an image all of it.
std::uint64_t sizeOf(const Json& item)
{
    const auto own = numberOf(item, "SizeRw");
    return std::uint64_t(std::max<std::int64_t>(0, own > 0 ? own : numberOf(item, "Size")));
}

using Paths = std::vector<std::string>;

Paths containerPaths(const Json& container, const std::string& prefix)
{
    const auto names = textsIn(container, "Names");
    const bool isOurs = std::ranges::any_of(names, [&](const std::string& name) { return name.starts_with('/') && isNamed(name.substr(1), prefix); });
    return isOurs ? Paths{"/containers/" + percentEncoded(textOf(container, "Id")) + "?force=1&v=1"} : Paths{};
}

Paths networkPaths(const Json& network, const std::string& prefix)
{
    return isNamed(textOf(network, "Name"), prefix) ? Paths{"/networks/" + percentEncoded(textOf(network, "Id"))} : Paths{};
}

Paths volumePaths(const Json& volume, const std::string& prefix)
{
    const auto name = textOf(volume, "Name");
    return isNamed(name, prefix) ? Paths{"/volumes/" + percentEncoded(name)} : Paths{};
}

/// Name by name: an image that somebody else named too keeps that name and its content.
Paths imagePaths(const Json& image, const std::string& prefix)
{
    Paths paths;
    for (const auto& tag : textsIn(image, "RepoTags"))
        if (isNamed(tag, prefix))
            paths.push_back("/images/" + percentEncoded(tag));
    return paths;
}

/// Lists and removes; remembers the first failure.
class Sweep {
public:
    Sweep(DockerClient& client, const std::stop_token& stop) : m_client(client), m_stop(stop) {}

    Json list(const std::string& path)
    {
        auto answer = m_client.call("GET", path, {}, m_stop, kCleanTimeout);
        if (!answer)
            note(std::move(answer).error());
        return answer.value_or(Json());
    }
    int remove(const Paths& paths)
    {
        int removed = 0;
        for (const auto& path : paths) {
            auto done = removeOne(path);
            if (done)
                ++removed;
            else if (done.error().code != ErrorCode::NotFound)
                note(std::move(done).error());
        }
        return removed;
    }
    Result<Pruned> outcome(const Pruned& pruned) const
    {
        if (m_first)
            return Error(*m_first).during("remove what is left in Docker");
        return pruned;
    }

private:
    /// A program that was killed may have asked the engine for the same: then this waits until it is done.
    Result<Json> removeOne(const std::string& path) const
    {
        const auto deadline = Deadline::in(kCleanTimeout);
        for (;;) {
            auto done = m_client.call("DELETE", path, {}, m_stop, kCleanTimeout);
            const bool isUnderWay = !done && done.error().detail.find("already in progress") != std::string::npos;
            if (!isUnderWay || deadline.hasPassed() || !pause(kLookAgain, m_stop))
                return done;
        }
    }
    void note(Error error)
    {
        if (!m_first)
            m_first = std::move(error);
    }

    DockerClient& m_client;
    const std::stop_token& m_stop;
    std::optional<Error> m_first{};
};

} // namespace

Result<Pruned> removeOurs(DockerClient& client, const Labels& labels, const std::string& prefix, Whose whose, const std::stop_token& stop)
{
    Sweep sweep(client, stop);
    const auto filters = "filters=" + filtersFor(labels);
    Pruned pruned;
    const auto each = [&](const Json& list, Paths (*pathsOf)(const Json&, const std::string&)) {
        int removed = 0;
        if (list.is_array())
            for (const auto& item : list)
                if (whose == Whose::Everybodys || isOrphan(labelsOf(item)))
                    if (const int gone = sweep.remove(pathsOf(item, prefix)); gone > 0) {
                        removed += gone;
                        pruned.bytes += sizeOf(item);
                    }
        return removed;
    };
    // Containers first: they hold on to everything else.
    pruned.containers = each(sweep.list("/containers/json?all=1&size=1&" + filters), containerPaths);
    pruned.networks = each(sweep.list("/networks?" + filters), networkPaths);
    pruned.volumes = each(member(sweep.list("/volumes?" + filters), "Volumes"), volumePaths);
    pruned.images = each(sweep.list("/images/json?" + filters), imagePaths);
    return sweep.outcome(pruned);
}

Result<Pruned> pruneDead(DockerClient& client, const std::stop_token& stop)
{
    auto sandboxes = removeOurs(client, {{std::string(kKindLabel), "sandbox"}}, "aap", Whose::DeadPrograms, stop);
    if (!sandboxes)
        return sandboxes;
    auto pruned = *sandboxes;
    Sweep sweep(client, stop);
    const auto networks = sweep.list("/networks?filters=" + filtersFor({{std::string(kKindLabel), std::string(kDeploymentKind)}}));
    for (const auto& network : networks) {
        const auto paths = isOrphan(labelsOf(network)) ? networkPaths(network, "aap") : Paths{};
        if (paths.empty())
            continue;
        // Stopped containers count too: without it they could never start again. One that never ran knows it by its name only.
        const Json either = Json::array({textOf(network, "Id"), textOf(network, "Name")});
        const auto users = sweep.list("/containers/json?all=1&filters=" + encodedFilters(Json{{"network", either}}));
        if (users.is_array() && users.empty())
            pruned.networks += sweep.remove(paths);
    }
    return sweep.outcome(pruned);
}

Result<Pruned> pruneRun(DockerClient& client, const std::string& runId, const std::stop_token& stop)
{
    const auto prefix = deploymentName(runId);
    if (!prefix)
        return Error(prefix.error()).advise("Name a run as 'agent-pipeline runs' lists it.");
    return removeOurs(client, {{std::string(kRunLabel), runId}}, *prefix, Whose::Everybodys, stop);
}

} // namespace aap
