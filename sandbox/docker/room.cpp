#include "sandbox/docker/room.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "core/base/pause.h"
#include "core/llm/bounded_json.h"
#include "sandbox/docker/exec_call.h"
#include "sandbox/docker/exec_line.h"

namespace aap {
namespace {

constexpr Milliseconds kRoomTimeout = std::chrono::seconds(60);
constexpr Milliseconds kClearBudget{800};
constexpr Milliseconds kEndBudget{500};
constexpr Milliseconds kEndPoll{50};
constexpr Milliseconds kRemovalPatience = std::chrono::seconds(20);
constexpr Milliseconds kRemovalPoll{200};
constexpr int kNoExecCode = 126; // could not start (Podman: 127)
constexpr int kMostPorterFaults = 3;

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

/// Somebody removes it at this moment.
bool isContainerGoing(const Error& error)
{
    return error.code == ErrorCode::NotFound || error.detail.find("marked for removal") != std::string::npos;
}

bool isNameTaken(const Error& error)
{
    return error.detail.find("is already in use") != std::string::npos;
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

} // namespace

Room::Room(DockerClient& client, std::string name, Json body, UserIds user, bool clears, std::string secrets) :
    m_client(client), m_name(std::move(name)), m_body(std::move(body)), m_user(user), m_clears(clears), m_secrets(std::move(secrets))
{
}

Room::~Room()
{
    if (!m_id.empty()) // a failure is left to the sweep at the next start
        (void)m_client.call("DELETE", "/containers/" + m_id + "?force=1&v=1", {}, {}, kRoomTimeout);
}

Result<std::unique_ptr<Room>> Room::open(DockerClient& client, std::string name, Json body, UserIds user, bool clears, std::string secrets,
                                         const std::stop_token& stop)
{
    std::unique_ptr<Room> room(new Room(client, std::move(name), std::move(body), user, clears, std::move(secrets)));
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
    m_porter.reset();
    m_isDown = false;
    m_oomKills = 0;
    return m_secrets.empty() ? Result<void>() : bringSecrets(stop);
}

/// Through the standard input of an exec: the engine shows the words of one to everybody, and passes this on without a look.
Result<void> Room::bringSecrets(const std::stop_token& stop)
{
    const Command command{.argv = {"/bin/tar", "-x", "-p", "-f", "-", "-C", "/run/secrets"}, .workdir = "/", .input = m_secrets, .timeout = kRoomTimeout};
    const auto exec = createExec(command, stop);
    if (!exec)
        return Error(exec.error()).during("bring the project's secrets into the sandbox");
    Watch seen;
    CommandResult result;
    if (auto watched = watch(*exec, command, {}, stop, seen); !watched)
        seen.broken = std::move(watched).error();
    settle(*exec, seen, result);
    if (result.succeeded())
        return {};
    return Error{stop.stop_requested() ? ErrorCode::Stopped : ErrorCode::Unavailable, "the project's secrets could not be brought into the sandbox", {},
                 "The image needs /bin/tar; 'agent-pipeline secret list' shows which secrets are given."};
}

/// Starts a container that was killed, or makes it anew when it is gone. True: it was down.
Result<bool> Room::bringUp(const std::stop_token& stop)
{
    if (!m_isDown)
        return false;
    auto started = start(stop);
    if (!started && isContainerGoing(started.error())) {
        started = create(stop);
        for (const auto deadline = Deadline::in(kRemovalPatience); !started && isNameTaken(started.error()) && !deadline.hasPassed();) {
            pause(kRemovalPoll, stop);
            started = create(stop); // the name is free when the old one is gone
        }
        if (started)
            started = start(stop);
    }
    if (!started)
        return std::move(started).error();
    return true;
}

void Room::rename(std::string name)
{
    if (m_client.call("POST", "/containers/" + m_id + "/rename?name=" + percentEncoded(name), {}, {}))
        m_name = std::move(name);
}

Result<CommandResult> Room::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    const Stopwatch watch;
    if (command.argv.empty())
        return Error{ErrorCode::Invalid, "a command without words"};
    const auto wasDown = bringUp(stop);
    if (!wasDown)
        return Error(wasDown.error()).during("run a command in the sandbox");
    auto byPorter = runByPorter(command, output, stop);
    auto result = byPorter ? Result<CommandResult>(*std::move(byPorter)) : runAsExec(command, output, stop);
    if (result) {
        result->sandboxRestarted = result->sandboxRestarted || *wasDown || m_isDown;
        result->duration = watch.elapsed();
    }
    return result;
}

Result<CommandResult> Room::runAsExec(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    m_porter.reset(); // what clears after the command kills the porter, too
    CommandResult result;
    auto exec = createExec(command, stop);
    if (!exec && isContainerGone(exec.error())) { // killed from outside, or its life is over
        m_isDown = true;
        const auto up = bringUp(stop);
        exec = up ? createExec(command, stop) : Result<std::string>(up.error());
        result.sandboxRestarted = true;
    }
    if (!exec)
        return std::move(exec).error().during("run a command in the sandbox");
    Watch seen;
    if (auto watched = this->watch(*exec, command, output, stop, seen); !watched)
        seen.broken = std::move(watched).error();
    settle(*exec, seen, result);
    if (result.ending == Ending::Exited && tellsEngineFailure(result.exitCode, seen.output.head()))
        return Error{ErrorCode::Unavailable, seen.output.head().substr(0, 500), {"run a command in the sandbox"},
                     "The image may lack /bin/sh or the folder the command is to run in."};
    std::move(seen.output).moveInto(result);
    return result;
}

std::optional<CommandResult> Room::runByPorter(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    if (!m_hasPorter || m_porterFaults >= kMostPorterFaults || !PorterTalk::carries(command) || stop.stop_requested())
        return std::nullopt;
    if (!m_porter) {
        auto line = ExecLine::open(m_client, m_id, user(), stop);
        if (!line)
            return std::nullopt; // a plain exec will find out what is wrong
        m_porterExec = (*line)->exec();
        m_porter = std::make_unique<PorterChannel>(*std::move(line));
    }
    OutputRecord record;
    const auto outcome = m_porter->run(command, record, output, stop);
    CommandResult result;
    if (outcome.kind != PorterChannel::Outcome::Kind::NotRun)
        settlePorter(outcome, result);
    if (!outcome.staysUsable) {
        m_porter.reset();
        m_porterFaults += outcome.kind == PorterChannel::Outcome::Kind::Ended ? 0 : 1;
    }
    if (outcome.kind == PorterChannel::Outcome::Kind::NotRun)
        return std::nullopt;
    std::move(record).moveInto(result);
    return result;
}

/// Whenever a signal may have hit what was not meant, or something is left, a plain exec clears up, and counts the kills for want
/// of memory.
void Room::settlePorter(const PorterChannel::Outcome& outcome, CommandResult& result)
{
    using Kind = PorterChannel::Outcome::Kind;
    auto code = outcome.kind == Kind::Ended ? std::optional(outcome.end.exitCode) : std::nullopt;
    if (outcome.kind == Kind::Vanished && outcome.ending == Ending::Exited)
        code = exitCode(m_porterExec);
    if (outcome.kind == Kind::Vanished && code && *code < 128)
        code.reset(); // it left without a word: the command's code is not known
    result.ending = outcome.ending;
    if (outcome.ending == Ending::Exited && !code)
        result.ending = Ending::Lost;
    if (result.ending == Ending::Exited)
        result.exitCode = *code;
    if (outcome.kind == Kind::Ended && !outcome.end.leavesSomething && outcome.end.exitCode < 128)
        return;
    const auto oomKills = clear(m_porterExec);
    m_porter.reset();
    if (!oomKills)
        return killContainer();
    if (result.ending == Ending::Exited && *oomKills > m_oomKills)
        result.ending = Ending::OutOfMemory;
    m_oomKills = *oomKills;
}

std::string Room::user() const
{
    return fmt::format("{}:{}", m_user.uid, m_user.gid);
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
                       {"User", user()},
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
    auto call = beginExec(m_client, exec, stop);
    if (!call && call.error().code == ErrorCode::Stopped) {
        seen.ending = Ending::Stopped;
        return {};
    }
    if (!call)
        return std::move(call).error();
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
                       {"User", user()},
                       {"WorkingDir", "/"},
                       {"Cmd", {"/bin/sh", "-c", kClear}}};
    const auto created = m_client.call("POST", "/containers/" + m_id + "/exec", body, {}, deadline.remaining());
    if (!created)
        return std::nullopt;
    auto call = beginExec(m_client, stringIn(*created, "Id"), {}, deadline.remaining());
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
