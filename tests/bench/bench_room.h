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
#include "sandbox/docker/exec_call.h"
#include "sandbox/docker/exec_stream.h"
#include "sandbox/porter/bundled_porter.h"
#include "tests/bench/measuring.h"

namespace aap {

/// A shell in a container that is kept open, spoken to without any of our care: what a command costs at least.
class OpenShell {
public:
    OpenShell(DockerClient& client, const std::string& container)
    {
        const auto user = agentUserOfThisProcess();
        const Json body{{"AttachStdin", true}, {"AttachStdout", true}, {"AttachStderr", true}, {"User", std::to_string(user.uid) + ":" + std::to_string(user.gid)},
                        {"WorkingDir", "/"}, {"Cmd", {"/bin/sh"}}};
        const auto created = worked(client.call("POST", "/containers/" + container + "/exec", body, {}), "create an exec");
        m_call = *worked(beginExec(client, stringIn(*created, "Id"), {}), "start a shell");
    }
    /// Runs it to its end.
    void run(const std::string& command)
    {
        const auto line = command + "; echo done\n";
        std::string_view input = line;
        for (std::string said; said.find("done\n") == said.npos;) {
            if (m_call->hasEnded())
                std::exit(1);
            (void)worked(m_call->step(input, Milliseconds(10'000), [&](std::string_view bytes) { said += bytes; }), "read a shell");
        }
    }

private:
    std::unique_ptr<EngineCall> m_call{};
};

/// An agent's sandbox, and beside it the bare calls with which anybody would run a command in its container.
class BenchRoom {
public:
    /// `hasPorter`: commands go through the porter, else each is an exec of the engine.
    explicit BenchRoom(bool hasPorter = true, bool ahead = false) :
        provider(client, {.memoryBytes = 256U << 20U, .lifetime = std::chrono::seconds(600),
                          .porter = hasPorter ? *worked(placePorter(m_porter.path().toStdString()), "place the porter") : std::filesystem::path(),
                          .keepsSpare = ahead, .seccompProfile = *worked(bundledSeccompProfile(), "read the system call filter")})
    {
        const auto user = agentUserOfThisProcess();
        for (const auto* folder : {"", "repo", ".agent"}) {
            std::filesystem::create_directories(path() / folder);
            if (::geteuid() == 0 && ::chown((path() / folder).c_str(), user.uid, user.gid) != 0)
                std::exit(1);
        }
        sandbox = anotherRoom();
    }
    ~BenchRoom()
    {
        sandbox.reset();
        m_shellRoom.reset();
        (void)provider.sweep(m_run);
    }
    BenchRoom(const BenchRoom&) = delete;
    BenchRoom& operator=(const BenchRoom&) = delete;

    std::filesystem::path path() const { return m_folder.path().toStdString(); }

    std::unique_ptr<Sandbox> anotherRoom() { return *worked(provider.open({.runId = m_run, .stage = "bench", .workspace = path()}, {}), "open the sandbox"); }
    /// In a container of its own: what clears up after our commands would kill it.
    OpenShell openShell()
    {
        if (!m_shellRoom)
            m_shellRoom = anotherRoom();
        return {client, m_shellRoom->info().id};
    }

    /// Create, start, read to the end, ask for the exit code.
    void bareExec()
    {
        const auto user = agentUserOfThisProcess();
        const Json body{{"AttachStdin", false}, {"AttachStdout", true}, {"AttachStderr", true}, {"User", std::to_string(user.uid) + ":" + std::to_string(user.gid)},
                        {"WorkingDir", "/"}, {"Cmd", {"true"}}};
        const auto created = worked(client.call("POST", "/containers/" + sandbox->info().id + "/exec", body, {}), "create an exec");
        const auto exec = stringIn(*created, "Id");
        const auto call = worked(beginExec(client, exec, {}), "start an exec");
        std::string_view nothing;
        while (!(*call)->hasEnded())
            (void)worked((*call)->step(nothing, Milliseconds(10'000), [](std::string_view) {}), "read an exec");
        (void)worked(client.call("GET", "/exec/" + exec + "/json", {}, {}), "look at an exec");
    }

private:
    QTemporaryDir m_folder{};
    QTemporaryDir m_porter{};
    std::string m_run = newRunId();

public:
    DockerClient client{*worked(findEndpoint("", processEnvironment(), {}), "find the engine")};
    DockerSandboxProvider provider;
    std::unique_ptr<Sandbox> sandbox{};

private:
    std::unique_ptr<Sandbox> m_shellRoom{};
};

} // namespace aap
