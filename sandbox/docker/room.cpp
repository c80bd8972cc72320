#include "sandbox/docker/room.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/base/pause.h"
#include "core/llm/bounded_json.h"
#include "sandbox/docker/engine_call.h"

namespace aap {
namespace {

constexpr Milliseconds kRoomTimeout = std::chrono::seconds(60);
constexpr Milliseconds kClearBudget{800};
constexpr Milliseconds kEndBudget{500};
constexpr Milliseconds kEndPoll{50};
constexpr int kNoExecCode = 126; // could not start (Podman: 127)

/// $1 the time after which the command ends even without us, $2 the bytes of input, then the command itself. `timeout` also
/// starts it: the shell would take a first word like "exit" for its own. Whatever the command leaves running is killed.
constexpr auto kClearing = R"(umask 022; t=$1 n=$2; shift 2
if [ "$n" -gt 0 ]; then head -c "$n" | timeout -k 2 -- "$t" "$@"; else timeout -k 2 -- "$t" "$@"; fi
rc=$?; kill -9 -1 2>/dev/null; exit $rc)";
constexpr auto kKeeping = R"(umask 022; t=$1 n=$2; shift 2
if [ "$n" -gt 0 ]; then head -c "$n" | timeout -k 2 -- "$t" "$@"; else timeout -k 2 -- "$t" "$@"; fi)";
/// Builtins only: it must work where no process can be forked. Says how often the kernel killed for want of memory, v1 and v2.
constexpr auto kClear = R"(kill -9 -1 2>/dev/null
for f in /sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events; do
  [ -r $f ] && while read -r k v; do [ "$k" = oom_kill ] && echo "$v"; done <$f
done; exit 0)";

bool isContainerGone(const Error& error)
{
    return error.code == ErrorCode::NotFound || error.detail.find("is not running") != std::string::npos;
}

/// The engine says into the command's own output why a command did not start.
bool tellsEngineFailure(int code, const std::string& output)
{
    return (code == kNoExecCode || code == 127)
        && (output.starts_with("OCI runtime exec failed:") || output.starts_with("unable to find user"));
}

Json environmentOf(const Command& command)
{
    auto json = Json::array();
    for (const auto& [name, value] : command.environment)
        json.push_back(name + "=" + value);
    return json;
}

DockerRequest startOf(const std::string& exec)
{
    return DockerRequest{.method = "POST",
                         .path = "/exec/" + exec + "/start",
                         .body = R"({"Detach":false,"Tty":false})",
                         .headers = {{"Connection", "Upgrade"}, {"Upgrade", "tcp"}},
                         .headTimeout = kRoomTimeout};
}

} // namespace

Room::Room(DockerClient& client, std::string name, Json body, UserIds user, bool clears) :
    m_client(client), m_name(std::move(name)), m_body(std::move(body)), m_user(user), m_clears(clears)
{
}

Room::~Room()
{
    if (!m_id.empty()) // a failure is left to the sweep at the next start
        (void)m_client.call("DELETE", "/containers/" + m_id + "?force=1&v=1", {}, {}, kRoomTimeout);
}

Result<std::unique_ptr<Room>> Room::open(DockerClient& client, std::string name, Json body, UserIds user, bool clears,
                                         const std::stop_token& stop)
{
    std::unique_ptr<Room> room(new Room(client, std::move(name), std::move(body), user, clears));
    auto opened = room->create(stop);
    if (opened)
        opened = room->start(stop);
    if (!opened)
        return std::move(opened).error();
    return room;
}

/// Not stopped half-way: an answer nobody waits for would leave a container that nobody knows.
Result<void> Room::create(const std::stop_token& stop)
{
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped before the sandbox was made"};
    const auto created = m_client.call("POST", "/containers/create?name=" + percentEncoded(m_name), m_body, {}, kRoomTimeout);
    if (!created) {
        Error error = created.error();
        if (error.code == ErrorCode::NotFound && error.detail.find("image") != std::string::npos)
            error.remedy = "Make the image with 'agent-pipeline sandbox build', or name another one in the settings.";
        return std::move(error).during("create the sandbox");
    }
    m_id = stringIn(*created, "Id");
    if (m_id.empty())
        return Error{ErrorCode::Protocol, "Docker made a sandbox without an id"};
    return {};
}

Result<void> Room::start(const std::stop_token& stop)
{
    const auto started = m_client.call("POST", "/containers/" + m_id + "/start", {}, stop, kRoomTimeout);
    if (!started)
        return Error(started.error())
            .during("start the sandbox")
            .advise("Look at 'docker info' for warnings, restart Docker if its network is broken, and try again.");
    m_isDown = false;
    m_oomKills = 0;
    return {};
}

/// Starts a container that was killed, or makes it anew when it is gone. True: it was down.
Result<bool> Room::bringUp(const std::stop_token& stop)
{
    if (!m_isDown)
        return false;
    auto started = start(stop);
    if (!started && started.error().code == ErrorCode::NotFound) {
        started = create(stop);
        if (started)
            started = start(stop);
    }
    if (!started)
        return std::move(started).error();
    return true;
}

Result<CommandResult> Room::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    const Stopwatch watch;
    CommandResult result;
    if (command.argv.empty())
        return Error{ErrorCode::Invalid, "a command without words"};
    auto wasDown = bringUp(stop);
    auto exec = wasDown ? createExec(command, stop) : Result<std::string>(std::move(wasDown).error());
    if (!exec && isContainerGone(exec.error())) { // killed from outside, or its life is over
        m_isDown = true;
        wasDown = bringUp(stop);
        exec = wasDown ? createExec(command, stop) : Result<std::string>(std::move(wasDown).error());
    }
    if (!exec)
        return std::move(exec).error().during("run a command in the sandbox");
    Watch seen;
    if (auto watched = this->watch(*exec, command, output, stop, seen); !watched)
        seen.broken = std::move(watched).error();
    settle(*exec, seen, result);
    result.sandboxRestarted = *wasDown || m_isDown;
    if (result.ending == Ending::Exited && tellsEngineFailure(result.exitCode, seen.output.head()))
        return Error{ErrorCode::Unavailable, seen.output.head().substr(0, 500), {"run a command in the sandbox"},
                     "The image may lack /bin/sh or the folder the command is to run in."};
    std::move(seen.output).moveInto(result);
    result.duration = watch.elapsed();
    return result;
}

Result<std::string> Room::createExec(const Command& command, const std::stop_token& stop)
{
    auto argv = Json::array({"/bin/sh", "-c", m_clears ? kClearing : kKeeping, "sandbox",
                             std::to_string(command.timeout.count() / 1000 + 5), std::to_string(command.input.size())});
    for (const auto& word : command.argv)
        argv.push_back(word);
    const Json body = {{"AttachStdin", !command.input.empty()},
                       {"AttachStdout", true},
                       {"AttachStderr", true},
                       {"Tty", false},
                       {"User", fmt::format("{}:{}", m_user.uid, m_user.gid)},
                       {"WorkingDir", command.workdir},
                       {"Env", environmentOf(command)},
                       {"Cmd", std::move(argv)}};
    const auto created = m_client.call("POST", "/containers/" + m_id + "/exec", body, stop);
    if (!created)
        return created.error();
    return stringIn(*created, "Id");
}

Result<void> Room::watch(const std::string& exec, const Command& command, const OutputListener& output,
                         const std::stop_token& stop, Watch& seen)
{
    const auto deadline = Deadline::in(command.timeout);
    auto call = m_client.begin(startOf(exec), stop);
    if (!call && call.error().code == ErrorCode::Stopped) {
        seen.ending = Ending::Stopped;
        return {};
    }
    if (!call)
        return std::move(call).error();
    if ((*call)->head().status != 200 && (*call)->head().status != 101)
        return Error{ErrorCode::Unavailable, fmt::format("Docker did not start the command: HTTP {}", (*call)->head().status)};
    ExecStream frames;
    std::string_view input = command.input;
    std::optional<Error> broken;
    const auto keep = [&](ExecStream::Source source, std::string_view bytes) {
        seen.output.add(source, bytes);
        if (output)
            output(bytes);
    };
    const auto take = [&](std::string_view bytes) {
        if (auto fed = frames.feed(bytes, keep); !fed && !broken)
            broken = std::move(fed).error();
    };
    while (!(*call)->hasEnded()) {
        const auto moved = (*call)->step(input, std::min(kStopSlice, deadline.remaining()), take);
        if (!moved || broken)
            return broken ? *std::move(broken) : moved.error();
        if (seen.output.totalBytes() > command.outputLimit)
            seen.ending = Ending::OutputLimit;
        else if (stop.stop_requested())
            seen.ending = Ending::Stopped;
        else if (deadline.hasPassed())
            seen.ending = Ending::TimedOut;
        if (seen.ending != Ending::Exited)
            return {};
    }
    return {};
}

/// An end of the stream is no end of the command, and a code read after we cut the stream is not the command's own.
void Room::settle(const std::string& exec, Watch& seen, CommandResult& result)
{
    result.ending = seen.ending;
    const auto code = seen.ending == Ending::Exited && !seen.broken ? exitCode(exec) : std::nullopt;
    if (!code && seen.ending == Ending::Exited)
        result.ending = Ending::Lost;
    result.exitCode = code.value_or(0);
    if (code && (*code < 128 || !m_clears)) // a signal: it may have hit the wrapper, and then something is left
        return;
    const auto oomKills = clear(exec);
    if (!oomKills)
        return killContainer();
    if (code && *oomKills > m_oomKills)
        result.ending = Ending::OutOfMemory;
    m_oomKills = *oomKills;
}

std::optional<int> Room::exitCode(const std::string& exec)
{
    for (int tries = 0; tries < 60; ++tries) {
        const auto state = m_client.call("GET", "/exec/" + exec + "/json", {}, {});
        if (!state)
            return std::nullopt;
        const auto& running = memberOf(*state, "Running");
        const auto& code = memberOf(*state, "ExitCode");
        if (running.is_boolean() && !running.get<bool>() && code.is_number_integer())
            return code.get<int>();
        pause(kEndPoll, {});
    }
    return std::nullopt;
}

std::optional<long> Room::clear(const std::string& exec)
{
    const auto deadline = Deadline::in(kClearBudget);
    const Json body = {{"AttachStdout", true},
                       {"AttachStderr", false},
                       {"User", fmt::format("{}:{}", m_user.uid, m_user.gid)},
                       {"WorkingDir", "/"},
                       {"Cmd", {"/bin/sh", "-c", kClear}}};
    const auto created = m_client.call("POST", "/containers/" + m_id + "/exec", body, {}, deadline.remaining());
    if (!created)
        return std::nullopt;
    auto request = startOf(stringIn(*created, "Id"));
    request.headTimeout = deadline.remaining();
    auto call = m_client.begin(request, {});
    if (!call)
        return std::nullopt;
    ExecStream frames;
    std::string said;
    std::string_view nothing;
    while (!(*call)->hasEnded()) {
        const auto moved = (*call)->step(nothing, std::min(kStopSlice, deadline.remaining()), [&](std::string_view bytes) {
            if (frames.feed(bytes, [&](ExecStream::Source, std::string_view text) { said += text; })) { }
        });
        if (!moved || deadline.hasPassed())
            return std::nullopt;
    }
    if (!hasEnded(exec))
        return std::nullopt;
    long kills = 0; // an engine without this count never reports one
    std::from_chars(said.data(), said.data() + said.size(), kills);
    return kills;
}

bool Room::hasEnded(const std::string& exec)
{
    for (const auto deadline = Deadline::in(kEndBudget); !deadline.hasPassed(); pause(kEndPoll, {})) {
        const auto state = m_client.call("GET", "/exec/" + exec + "/json", {}, {});
        if (!state)
            return false;
        const auto& running = memberOf(*state, "Running");
        if (running.is_boolean() && !running.get<bool>())
            return true;
    }
    return false;
}

/// Started again by the next command only: under a bomb that takes seconds, and somebody may wait for the stop.
void Room::killContainer()
{
    (void)m_client.call("POST", "/containers/" + m_id + "/kill", {}, {}, kRoomTimeout);
    m_isDown = true;
}

} // namespace aap
