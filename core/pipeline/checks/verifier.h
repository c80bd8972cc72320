#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/check_context.h"

namespace aap {

/// A fresh verifier without network, with the project copied to /scratch/repo, where things may be built and run: the workspace
/// itself is read-only. One thread; removed with the object.
class Verifier {
public:
    static constexpr const char* kProject = "/scratch/repo";
    static constexpr const char* kResults = "/scratch/results"; ///< for reports of programs; made empty

    struct Options {
        Milliseconds timeout = std::chrono::seconds(120);
        std::string input{};
        std::map<std::string, std::string> environment{};
    };

    /// When the project cannot be copied (files that nobody else may read) every run() answers with cp's own complaint, since that is
    /// the project's fault and not the engine's.
    /// An empty `image` is the configured sandbox.
    static Result<Verifier> open(CheckContext& context, std::string image = {});

    /// In kProject. An Error only when the sandbox failed, lost the command, or the user stopped it.
    Result<CommandResult> run(std::vector<std::string> argv, const Options& options) const;
    Result<CommandResult> run(std::vector<std::string> argv) const { return run(std::move(argv), Options{}); }
    Result<bool> hasProgram(const std::string& program) const;
    Result<bool> hasModule(const std::string& pythonModule) const;
    /// A file that a program wrote, whole; NotFound when it is not there, Limit when it has more than 32 MiB.
    Result<std::string> read(const std::string& path) const;

private:
    Verifier(CheckContext& context, std::unique_ptr<Sandbox> sandbox) : m_context(&context), m_sandbox(std::move(sandbox)) {}
    Result<CommandResult> runAlways(std::vector<std::string> argv, const Options& options, std::string workdir) const;

    CheckContext* m_context;
    std::unique_ptr<Sandbox> m_sandbox;
    std::optional<CommandResult> m_copyFailed{};
};

} // namespace aap
