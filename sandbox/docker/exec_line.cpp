#include "sandbox/docker/exec_line.h"

#include <algorithm>

#include "core/llm/bounded_json.h"
#include "sandbox/docker/exec_call.h"
#include "sandbox/porter/porter_channel.h"

namespace aap {

ExecLine::ExecLine(DockerClient& client, std::string container, std::string exec, std::unique_ptr<EngineCall> call) :
    m_client(client), m_container(std::move(container)), m_exec(std::move(exec)), m_call(std::move(call))
{
}

Result<std::unique_ptr<ExecLine>> ExecLine::open(DockerClient& client, const std::string& container, const std::string& user, const std::stop_token& stop)
{
    const Json body = {{"AttachStdin", true}, {"AttachStdout", true},          {"AttachStderr", true}, {"Tty", false},
                       {"User", user},        {"WorkingDir", "/"}, {"Cmd", {PorterChannel::kPath}}};
    const auto created = client.call("POST", "/containers/" + container + "/exec", body, stop);
    if (!created)
        return created.error();
    auto exec = stringIn(*created, "Id");
    auto call = beginExec(client, exec, stop);
    if (!call)
        return std::move(call).error();
    return std::unique_ptr<ExecLine>(new ExecLine(client, container, std::move(exec), *std::move(call)));
}

Result<void> ExecLine::step(std::string_view& words, Milliseconds wait, const std::function<void(std::string_view)>& onBytes)
{
    Result<void> read;
    const auto unframed = [&](ExecStream::Source source, std::string_view bytes) {
        if (source == ExecStream::Source::Output)
            onBytes(bytes);
        else if (read)
            read = Error{ErrorCode::Protocol, "the porter itself never writes to its standard error"};
    };
    const auto moved = m_call->step(words, wait, [&](std::string_view bytes) {
        if (read)
            if (auto fed = m_frames.feed(bytes, unframed); !fed)
                read = std::move(fed).error();
    });
    return moved ? read : moved.error();
}

bool ExecLine::isPorterStopped()
{
    const auto state = m_client.call("GET", "/exec/" + m_exec + "/json", {}, {});
    const auto table = m_client.call("GET", "/containers/" + m_container + "/top?ps_args=" + percentEncoded("-eo pid,stat,comm"), {}, {});
    if (!state || !table)
        return false;
    const auto& pid = memberOf(*state, "Pid");
    const auto wanted = pid.is_number_integer() ? std::to_string(pid.get<long>()) : std::string();
    const auto& rows = memberOf(*table, "Processes");
    return rows.is_array() && std::ranges::any_of(rows, [&](const Json& row) {
        return row.is_array() && row.size() >= 2 && row[0] == wanted && row[1].is_string() && row[1].get<std::string>().starts_with('T');
    });
}

} // namespace aap
