#include "app/cli/exit.h"

#include <algorithm>
#include <iostream>

#include "app/cli/printable.h"
#include "core/domain/run_event.h"

namespace aap {

void complain(const std::string& what, const std::string& remedy)
{
    auto line = printable(what);
    if (!line.empty() && std::string_view(".!?").find(line.back()) == std::string_view::npos)
        line += '.';
    if (!remedy.empty())
        line += ' ' + printable(remedy);
    std::ranges::replace(line, '\n', ' ');
    std::cerr << "agent-pipeline: " << line << std::endl;
}

int failed(const Error& error, int exitCode)
{
    complain(error.text(), error.remedy);
    return exitCode;
}

int exitCodeOf(const Error& error)
{
    switch (error.code) {
    case ErrorCode::Invalid: return exitCode(RunEnding::InvalidInput);
    case ErrorCode::Stopped: return exitCode(RunEnding::Stopped);
    case ErrorCode::Limit: return exitCode(RunEnding::LimitReached);
    case ErrorCode::Refused:
    case ErrorCode::Bug: return exitCode(RunEnding::Failed);
    case ErrorCode::NotFound:
    case ErrorCode::Unauthorized:
    case ErrorCode::RateLimited:
    case ErrorCode::Timeout:
    case ErrorCode::Unavailable:
    case ErrorCode::Protocol:
    case ErrorCode::Io: break;
    }
    return exitCode(RunEnding::EnvironmentProblem);
}

} // namespace aap
