#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <QTemporaryDir>

#include <unistd.h>

#include "core/base/beneath.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/llm/bounded_json.h"
#include "sandbox/docker/docker_sandbox.h"
#include "sandbox/docker/engine_call.h"
#include "tests/bench/measuring.h"

namespace aap {

/// An agent's sandbox, and beside it the bare calls with which anybody would run a command in its container.
class BenchRoom {
public:
    BenchRoom()
    {
        const auto user = agentUserOfThisProcess();
        for (const auto* folder : {"", "repo", ".agent"}) {
            std::filesystem::create_directories(path() / folder);
            if (::geteuid() == 0 && ::chown((path() / folder).c_str(), user.uid, user.gid) != 0)
                std::exit(1);
        }
        sandbox = *worked(provider.open({.runId = m_run, .stage = "bench", .workspace = path()}, {}), "open the sandbox");
    }
    ~BenchRoom()
    {
        sandbox.reset();
        (void)provider.sweep(m_run);
    }
    BenchRoom(const BenchRoom&) = delete;
    BenchRoom& operator=(const BenchRoom&) = delete;

    std::filesystem::path path() const { return m_folder.path().toStdString(); }

    /// Create, start, read to the end, ask for the exit code.
    void bareExec()
    {
        const auto user = agentUserOfThisProcess();
        const Json body{{"AttachStdin", false}, {"AttachStdout", true}, {"AttachStderr", true}, {"User", std::to_string(user.uid) + ":" + std::to_string(user.gid)},
                        {"WorkingDir", "/"}, {"Cmd", {"true"}}};
        const auto created = worked(client.call("POST", "/containers/" + sandbox->info().id + "/exec", body, {}), "create an exec");
        const auto exec = stringIn(*created, "Id");
        const DockerRequest start{.method = "POST", .path = "/exec/" + exec + "/start", .body = R"({"Detach":false,"Tty":false})",
                                  .headers = {{"Connection", "Upgrade"}, {"Upgrade", "tcp"}}};
        const auto call = worked(client.begin(start, {}), "start an exec");
        std::string_view nothing;
        while (!(*call)->hasEnded())
            (void)worked((*call)->step(nothing, Milliseconds(10'000), [](std::string_view) {}), "read an exec");
        (void)worked(client.call("GET", "/exec/" + exec + "/json", {}, {}), "look at an exec");
    }

private:
    QTemporaryDir m_folder{};
    std::string m_run = newRunId();

public:
    DockerClient client{*worked(findEndpoint("", processEnvironment(), {}), "find the engine")};
    DockerSandboxProvider provider{client, {.memoryBytes = 256U << 20U, .lifetime = std::chrono::seconds(600),
                                            .seccompProfile = *worked(bundledSeccompProfile(), "read the system call filter")}};
    std::unique_ptr<Sandbox> sandbox{};
};

} // namespace aap
