#include "sandbox/docker/egress.h"

#include <algorithm>
#include <filesystem>

#include <QRandomGenerator>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "core/agent/tool_text.h"
#include "core/base/pause.h"
#include "core/llm/bounded_json.h"
#include "sandbox/docker/container_body.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {

constexpr Milliseconds kEgressTimeout = std::chrono::seconds(60);
constexpr int kProxyPort = 3128;
constexpr std::uint64_t kMostLogBytes = 8U << 20U;
constexpr std::uint64_t kProxyMemory = 128U << 20U;
constexpr std::size_t kMostDecisions = 50;
constexpr auto kProxyPath = "/run/aap-proxy";
constexpr auto kLogPath = "/run/aap-decisions";

Json proxyMount(const std::string& source, const char* target, bool readOnly)
{
    return {{"Type", "bind"}, {"Source", source}, {"Target", target}, {"ReadOnly", readOnly}, {"BindOptions", {{"Propagation", "rprivate"}}}};
}

Json proxyHost(const DockerSandboxSettings& settings, const std::string& log)
{
    return {{"NetworkMode", settings.outerNetwork},
            {"ReadonlyRootfs", true},
            {"CapDrop", {"ALL"}},
            {"SecurityOpt", {"no-new-privileges", "seccomp=" + settings.seccompProfile}},
            {"Privileged", false},
            {"Sysctls", {{"net.ipv4.ip_forward", "0"}}}, // it stands in two networks and passes nothing on but what it understood
            {"Memory", kProxyMemory},
            {"MemorySwap", kProxyMemory},
            {"NanoCpus", std::int64_t(5e8)},
            {"PidsLimit", 80},
            {"OomScoreAdj", 500},
            {"Ulimits", Json::array({{{"Name", "nofile"}, {"Soft", 256}, {"Hard", 256}}, {{"Name", "core"}, {"Soft", 0}, {"Hard", 0}},
                                     {{"Name", "fsize"}, {"Soft", kMostLogBytes}, {"Hard", kMostLogBytes}}})},
            {"Mounts", Json::array({proxyMount(settings.proxy.string(), kProxyPath, true), proxyMount(log, kLogPath, false)})},
            {"IpcMode", "private"},
            {"CgroupnsMode", "private"},
            {"RestartPolicy", {{"Name", "no"}}},
            {"LogConfig", {{"Type", "none"}, {"Config", Json::object()}}}};
}

/// "allow\texample.org:443\t93.184.216.34"
struct Decision {
    bool isAllowed = false;
    std::string subject{};
    std::string why{};
    friend bool operator==(const Decision&, const Decision&) = default;
};

Decision decisionFrom(std::string_view line)
{
    const auto first = std::min(line.find('\t'), line.size());
    const auto second = std::min(line.find('\t', std::min(first + 1, line.size())), line.size());
    return {.isAllowed = line.substr(0, first) == "allow",
            .subject = cleanText(line.substr(std::min(first + 1, line.size()), second - std::min(first + 1, second))),
            .why = cleanText(line.substr(std::min(second + 1, line.size())))};
}

SandboxNotice noticeOf(const Decision& decision, int count, const std::string& allowed)
{
    if (decision.isAllowed)
        return {.kind = "network_allowed", .subject = decision.subject, .text = fmt::format("{} was reached at {}.", decision.subject, decision.why), .count = count};
    return {.kind = "network_denied",
            .subject = decision.subject,
            .text = fmt::format("The network is closed for {}: {}. Allowed: {}. Work without it, or name it in your result as missing.", decision.subject, decision.why, allowed),
            .count = count};
}

} // namespace

Result<std::shared_ptr<Egress>> Egress::start(DockerClient& client, const Wish& wish, const std::stop_token& stop)
{
    const auto& settings = wish.sandbox;
    if (settings.allowedHosts.empty() || settings.proxy.empty())
        return Error{ErrorCode::Invalid, "the network of sandboxes has an allow list with nothing in it", {},
                     "Name hosts in sandbox.allowed_hosts, or set sandbox.network to none."};
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before the way to the network was made"};
    std::shared_ptr<Egress> egress(new Egress(client, fmt::format("{}", fmt::join(settings.allowedHosts, ", "))));
    const auto subnet = egress->makeNetwork(wish, {}); // what is made must be known to us, so nothing is cut half-way
    if (!subnet)
        return Error(subnet.error()).during("make the network of the run's sandboxes");
    const auto log = egress->makeLog(wish);
    if (!log)
        return log.error();
    auto launched = egress->create(wish, *subnet, *log, {});
    if (launched)
        launched = egress->launch(stop);
    std::error_code ignored;
    std::filesystem::remove(*log, ignored); // the container has it
    if (!launched)
        return std::move(launched).error().during("start the proxy of the run's sandboxes");
    return egress;
}

/// Returns its subnet.
Result<std::string> Egress::makeNetwork(const Wish& wish, const std::stop_token& stop)
{
    m_network = fmt::format("aap-{}-way-{:08x}", wish.runId, QRandomGenerator::system()->generate());
    const Json body = {{"Name", m_network},
                       {"CheckDuplicate", true},
                       {"Driver", "bridge"},
                       {"Internal", true},
                       {"EnableIPv6", false},
                       {"Options", {{"com.docker.network.bridge.inhibit_ipv4", "true"}}}, // the host's ports are not in there
                       {"Labels", sandboxLabels(wish.runId, "", "proxy")}};
    if (auto made = m_client.call("POST", "/networks/create", body, stop, kEgressTimeout); !made)
        return std::move(made).error();
    const auto seen = m_client.call("GET", "/networks/" + percentEncoded(m_network), {}, stop, kEgressTimeout);
    if (!seen)
        return seen.error();
    const auto& configs = memberOf(memberOf(*seen, "IPAM"), "Config");
    for (const auto& config : configs)
        if (auto subnet = stringIn(config, "Subnet"); subnet.find('.') != subnet.npos)
            return subnet;
    return Error{ErrorCode::Protocol, "Docker made a network without addresses"};
}

/// Returns its path, for as long as it has one.
Result<std::string> Egress::makeLog(const Wish& wish)
{
    const auto& user = wish.sandbox.agent;
    auto path = (wish.sandbox.proxy.parent_path() / fmt::format("{}.log", m_network)).string();
    m_log = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (m_log < 0 || (::geteuid() == 0 && ::fchown(m_log, user.uid, user.gid) != 0))
        return Error{ErrorCode::Io, fmt::format("{} cannot be written", path), {}, "Make room in the cache folder, and see that you may write to it."};
    return path;
}

Result<void> Egress::create(const Wish& wish, const std::string& subnet, const std::string& log, const std::stop_token& stop)
{
    const auto& settings = wish.sandbox;
    Json words{kProxyPath, std::to_string(settings.lifetime.count()), std::to_string(kProxyPort), subnet, kLogPath};
    for (const auto& entry : settings.allowedHosts)
        words.push_back(entry);
    const Json body = {{"Image", wish.image},
                       {"User", fmt::format("{}:{}", settings.agent.uid, settings.agent.gid)}, // to whom the log belongs
                       {"Entrypoint", Json::array()},
                       {"Cmd", std::move(words)},
                       {"WorkingDir", "/"},
                       {"Env", {"LD_PRELOAD", "LD_AUDIT"}},
                       {"Labels", sandboxLabels(wish.runId, "", "proxy")},
                       {"Healthcheck", {{"Test", {"NONE"}}}},
                       {"StopSignal", "SIGKILL"},
                       {"Hostname", "proxy"},
                       {"HostConfig", proxyHost(settings, log)}};
    const auto made = m_client.call("POST", "/containers/create?name=" + percentEncoded(m_network + "-proxy"), body, stop, kEgressTimeout);
    if (!made)
        return made.error();
    m_container = stringIn(*made, "Id");
    if (auto joined = m_client.call("POST", "/networks/" + percentEncoded(m_network) + "/connect", Json{{"Container", m_container}}, stop, kEgressTimeout); !joined)
        return std::move(joined).error();
    return {};
}

Result<void> Egress::launch(const std::stop_token& stop)
{
    if (auto started = m_client.call("POST", "/containers/" + m_container + "/start", {}, stop, kEgressTimeout); !started)
        return std::move(started).error();
    const auto seen = m_client.call("GET", "/containers/" + m_container + "/json", {}, stop, kEgressTimeout);
    if (!seen)
        return seen.error();
    const auto address = stringIn(memberOf(memberOf(memberOf(*seen, "NetworkSettings"), "Networks"), m_network.c_str()), "IPAddress");
    if (address.empty() || memberOf(memberOf(*seen, "State"), "Running") != Json(true))
        return Error{ErrorCode::Unavailable, fmt::format("it ended at once, with code {}", numberOf(memberOf(*seen, "State"), "ExitCode")), {},
                     "Look at 'docker info' for warnings, and whether Docker may see the cache folder of this program."};
    m_address = fmt::format("http://{}:{}", address, kProxyPort);
    return {};
}

Egress::~Egress()
{
    if (!m_container.empty()) // a failure is left to the sweep
        (void)m_client.call("DELETE", "/containers/" + m_container + "?force=1&v=1", {}, {}, kEgressTimeout);
    if (!m_network.empty())
        (void)m_client.call("DELETE", "/networks/" + percentEncoded(m_network), {}, {}, kEgressTimeout);
    if (m_log >= 0)
        ::close(m_log);
}

bool Egress::isRunning(const std::stop_token& stop) const
{
    const auto seen = m_client.call("GET", "/containers/" + m_container + "/json", {}, stop);
    return seen && memberOf(memberOf(*seen, "State"), "Running") == Json(true);
}

/// Whole lines.
std::string Egress::readNews()
{
    auto news = std::exchange(m_cut, {});
    char piece[16384];
    while (m_read < kMostLogBytes) {
        const auto got = ::pread(m_log, piece, sizeof piece, off_t(m_read));
        if (got <= 0)
            break;
        m_read += std::uint64_t(got);
        news.append(piece, std::size_t(got));
    }
    const auto end = news.rfind('\n');
    m_cut = news.substr(end == news.npos ? 0 : end + 1);
    news.resize(end == news.npos ? 0 : end);
    return news;
}

std::vector<SandboxNotice> Egress::decisions()
{
    const std::lock_guard lock(m_mutex);
    const auto news = readNews();
    std::vector<std::pair<Decision, int>> counted;
    int more = 0;
    for (std::string_view rest = news; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto decision = decisionFrom(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const auto same = std::ranges::find(counted, decision, &std::pair<Decision, int>::first);
        if (same != counted.end())
            ++same->second;
        else if (counted.size() < kMostDecisions)
            counted.emplace_back(decision, 1);
        else
            ++more;
    }
    std::vector<SandboxNotice> notices;
    for (const auto& [decision, count] : counted)
        notices.push_back(noticeOf(decision, count, m_allowed));
    if (more > 0)
        notices.push_back({.kind = "network_denied", .subject = "others", .text = fmt::format("{} more requests were decided upon.", more), .count = more});
    return notices;
}

} // namespace aap
