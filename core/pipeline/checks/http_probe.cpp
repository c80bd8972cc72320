#include "core/pipeline/checks/http_probe.h"

#include <algorithm>
#include <cctype>
#include <cstdio>

#include <fmt/format.h>

#include "core/agent/tool_text.h"

namespace aap {
namespace {

/// curl writes it last, so the last one in the output is curl's own whatever a body holds.
constexpr std::string_view kMark = "\naap-probe ";

std::vector<std::string> curlArgv(const std::string& service, int port, const ProbeRequest& request, Milliseconds timeout)
{
    std::vector<std::string> argv{"curl", "--silent", "--show-error", "--globoff", "--path-as-is", "--proto", "=http", "--noproxy", "*",
                                  "--max-time", fmt::format("{:.1f}", static_cast<double>(timeout.count()) / 1000),
                                  "--write-out", "\\naap-probe %{http_code} %{time_total} %{size_download}\\n"};
    if (request.method == "HEAD")
        argv.push_back("--head");
    else
        argv.insert(argv.end(), {"--request", request.method});
    for (const auto& [name, value] : request.headers)
        argv.insert(argv.end(), {"--header", value.empty() ? name + ";" : name + ": " + value});
    if (!request.body.empty())
        argv.insert(argv.end(), {"--data-binary", "@-"});
    argv.push_back(fmt::format("http://{}:{}{}", service, port, request.path));
    return argv;
}

ProbeAnswer answerOf(const CommandResult& result)
{
    ProbeAnswer answer;
    const auto mark = result.output.rfind(kMark);
    double seconds = 0;
    unsigned long long bytes = 0;
    if (mark != std::string::npos
        && std::sscanf(result.output.c_str() + mark + kMark.size(), "%d %lf %llu", &answer.status, &seconds, &bytes) == 3) {
        answer.time = std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
        answer.bytes = bytes;
    }
    answer.body = result.standardOutput.substr(0, result.standardOutput.rfind(kMark));
    if (!result.succeeded()) { // a cut-off answer is none, though it had a status
        answer.status = 0;
        answer.error = shortened(cleanText(std::string_view(result.output).substr(0, mark)), 300);
        while (!answer.error.empty() && answer.error.back() == '\n')
            answer.error.pop_back();
        if (answer.error.empty())
            answer.error = "no answer in time";
    }
    return answer;
}

} // namespace

Result<HttpProbe> HttpProbe::open(CheckContext& context, const std::string& network)
{
    return open(context.sandboxes, {.runId = context.runId, .stage = std::string(slug(context.stage)), .network = network}, context.stop);
}

Result<HttpProbe> HttpProbe::open(SandboxProvider& sandboxes, SandboxSpec spec, const std::stop_token& stop)
{
    spec.purpose = SandboxPurpose::Prober;
    auto sandbox = sandboxes.open(spec, stop);
    if (!sandbox)
        return std::move(sandbox).error().during("open a sandbox on the deployment's network");
    return HttpProbe(*std::move(sandbox), stop);
}

Result<ProbeAnswer> HttpProbe::ask(const std::string& service, int port, const ProbeRequest& request, Milliseconds timeout) const
{
    if (const auto complaint = requestComplaint(request); !complaint.empty())
        return ProbeAnswer{.error = complaint};
    const Command command{.argv = curlArgv(service, port, request, timeout), .workdir = "/tmp", .input = request.body,
                          .timeout = timeout + std::chrono::seconds(5), .outputLimit = 16U << 20U};
    auto result = m_sandbox->run(command, {}, m_stop);
    if (!result)
        return std::move(result).error().during("ask the service");
    if (result->ending == Ending::Stopped)
        return Error{ErrorCode::Stopped, "stopped while the service was asked"};
    if (result->ending == Ending::Lost)
        return Error{ErrorCode::Unavailable, "the engine lost the probe while it ran", {}, "Check the Docker engine, then resume the run."};
    return answerOf(*result);
}

std::string requestComplaint(const ProbeRequest& request)
{
    const auto isControl = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    const auto isToken = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.'; };
    const auto oddInPath = [&](unsigned char c) { return isControl(c) || c == ' '; };
    if (!request.path.starts_with('/') || std::any_of(request.path.begin(), request.path.end(), oddInPath))
        return "the path must begin with / and hold no blanks; write %20";
    for (const auto& [name, value] : request.headers) {
        if (name.empty() || !std::all_of(name.begin(), name.end(), isToken))
            return fmt::format("\"{}\" is no header name", shortened(name, 60));
        if (std::any_of(value.begin(), value.end(), isControl))
            return fmt::format("the value of the header {} holds a control character", name);
    }
    return {};
}

} // namespace aap
