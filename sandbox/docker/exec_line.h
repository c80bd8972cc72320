#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/engine_call.h"
#include "sandbox/docker/exec_stream.h"
#include "sandbox/porter/porter_line.h"

namespace aap {

/// The line to a porter in a container: an exec of the engine that stays open.
class ExecLine final : public PorterLine {
public:
    /// Starts the porter, as `user` ("uid:gid").
    static Result<std::unique_ptr<ExecLine>> open(DockerClient& client, const std::string& container, const std::string& user,
                                                  const std::stop_token& stop);

    const std::string& exec() const { return m_exec; } ///< its id
    Result<void> step(std::string_view& words, Milliseconds wait, const std::function<void(std::string_view)>& onBytes) override;
    bool hasEnded() const override { return m_call->hasEnded(); }
    bool isPorterStopped() override;

private:
    ExecLine(DockerClient& client, std::string container, std::string exec, std::unique_ptr<EngineCall> call);

    DockerClient& m_client;
    std::string m_container;
    std::string m_exec;
    std::unique_ptr<EngineCall> m_call;
    ExecStream m_frames{};
};

} // namespace aap
