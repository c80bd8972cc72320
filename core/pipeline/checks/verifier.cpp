#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

constexpr std::size_t kPiece = 512U << 10U; // well below what a sandbox keeps of standard output
constexpr std::size_t kMostReport = 32U << 20U;

const std::map<std::string, std::string>& quietEnvironment()
{
    static const std::map<std::string, std::string> quiet{{"CI", "1"}, {"GIT_PAGER", "cat"}, {"HOME", "/scratch"}, {"LC_ALL", "C.UTF-8"},
                                                          {"NO_COLOR", "1"}, {"PAGER", "cat"}, {"TERM", "dumb"}};
    return quiet;
}

} // namespace

Result<Verifier> Verifier::open(CheckContext& context, std::string image)
{
    const SandboxSpec spec{.purpose = SandboxPurpose::Verifier, .runId = context.runId, .stage = std::string(slug(context.stage)),
                           .workspace = context.workspacePath, .image = std::move(image)};
    auto sandbox = context.sandboxes.open(spec, context.stop);
    if (!sandbox)
        return std::move(sandbox).error().during("open a verifier");
    Verifier verifier(context, *std::move(sandbox));
    const std::string script = "mkdir -p /scratch/results && cp -a /workspace/repo /scratch/repo && chmod -R u+rwX /scratch/repo";
    auto copied = verifier.runAlways({"/bin/sh", "-c", script}, Options{.timeout = std::chrono::seconds(120)}, "/");
    if (!copied)
        return std::move(copied).error().during("copy the project for checking");
    if (!copied->succeeded())
        verifier.m_copyFailed = *std::move(copied);
    return verifier;
}

Result<CommandResult> Verifier::run(std::vector<std::string> argv, const Options& options) const
{
    if (m_copyFailed)
        return *m_copyFailed;
    return runAlways(std::move(argv), options, kProject);
}

Result<CommandResult> Verifier::runAlways(std::vector<std::string> argv, const Options& options, std::string workdir) const
{
    Command command{.argv = std::move(argv), .workdir = std::move(workdir), .environment = options.environment, .input = options.input,
                    .timeout = options.timeout};
    command.environment.insert(quietEnvironment().begin(), quietEnvironment().end());
    auto result = m_sandbox->run(command, {}, m_context->stop);
    if (!result)
        return std::move(result).error().during("run " + command.argv.front() + " in the verifier");
    if (result->ending == Ending::Stopped)
        return Error{ErrorCode::Stopped, "stopped while " + command.argv.front() + " ran"};
    if (result->ending == Ending::Lost)
        return Error{ErrorCode::Unavailable, "the engine lost " + command.argv.front() + " while it ran", {}, "Check the Docker engine, then resume the run."};
    return result;
}

Result<bool> Verifier::hasProgram(const std::string& program) const
{
    auto found = run({"/bin/sh", "-c", "command -v -- \"$1\" >/dev/null", "sh", program});
    if (!found)
        return std::move(found).error();
    return found->succeeded();
}

Result<bool> Verifier::hasModule(const std::string& pythonModule) const
{
    auto found = run({"python3", "-I", "-c", "import importlib.util, sys; sys.exit(importlib.util.find_spec(sys.argv[1]) is None)", pythonModule});
    if (!found)
        return std::move(found).error();
    return found->succeeded();
}

Result<std::string> Verifier::read(const std::string& path) const
{
    std::string content;
    while (content.size() <= kMostReport) {
        const auto from = std::to_string(content.size() + 1);
        auto piece = run({"/bin/sh", "-c", "test -f \"$1\" && tail -c +\"$2\" -- \"$1\" | head -c \"$3\"", "sh", path, from, std::to_string(kPiece)});
        if (!piece)
            return std::move(piece).error();
        if (!piece->succeeded())
            return Error{ErrorCode::NotFound, path + " was not written"};
        content += piece->standardOutput;
        if (piece->standardOutput.size() < kPiece)
            return content;
    }
    return Error{ErrorCode::Limit, path + " has more than 32 MiB"};
}

} // namespace aap
