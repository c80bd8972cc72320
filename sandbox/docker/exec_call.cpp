#include "sandbox/docker/exec_call.h"

#include <fmt/format.h>

namespace aap {

Result<std::unique_ptr<EngineCall>> beginExec(DockerClient& client, const std::string& exec, const std::stop_token& stop, Milliseconds timeout)
{
    auto call = client.begin({.method = "POST",
                              .path = "/exec/" + exec + "/start",
                              .body = R"({"Detach":false,"Tty":false})",
                              .headers = {{"Connection", "Upgrade"}, {"Upgrade", "tcp"}},
                              .headTimeout = timeout},
                             stop);
    if (call && (*call)->head().status != 200 && (*call)->head().status != 101)
        return Error{ErrorCode::Unavailable, fmt::format("Docker did not start the command: HTTP {}", (*call)->head().status)};
    return call;
}

} // namespace aap
