#include "app/cli/setup_commands.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "app/cli/exit.h"
#include "app/cli/printable.h"
#include "app/composition.h"
#include "app/doctor.h"
#include "core/base/files.h"
#include "core/config/config_template.h"

namespace aap {
namespace {

using Status = Finding::Status;
namespace fs = std::filesystem;

/// What stands in the working folder is found without being named.
bool isFoundByItself(const fs::path& file)
{
    return fs::absolute(file).lexically_normal() == fs::absolute("config.json").lexically_normal();
}

std::string_view markOf(Status status)
{
    switch (status) {
    case Status::Ok: return "✔";
    case Status::Warn: return "!";
    case Status::Fail: return "✖";
    }
    return {};
}

void printTable(const std::vector<Finding>& findings)
{
    std::size_t width = 0;
    for (const auto& finding : findings)
        width = std::max(width, finding.title.size());
    const std::string indent(width + 4, ' ');
    for (const auto& finding : findings) {
        std::cout << fmt::format("{} {:<{}}  {}  ({} ms)\n", markOf(finding.status), finding.title, width, printable(finding.detail), finding.duration.count());
        if (finding.status == Status::Ok)
            continue;
        if (!finding.remedy.empty())
            std::cout << indent << printable(finding.remedy) << '\n';
        if (!finding.fixCommand.empty())
            std::cout << indent << "$ " << printable(finding.fixCommand) << '\n';
    }
}

std::string summary(std::ptrdiff_t failures, std::ptrdiff_t warnings)
{
    if (failures > 0)
        return fmt::format("{} {} in the way of a run.", failures, failures == 1 ? "thing stands" : "things stand");
    return warnings > 0 ? "A run can start; mind the lines with '!'." : "Everything is ready.";
}

} // namespace

int initCommand(const Options& options)
{
    const fs::path file(options.output);
    std::error_code ignored;
    if (!options.force && fs::symlink_status(file, ignored).type() != fs::file_type::not_found) {
        complain(file.string() + " exists already", "Name another file with --output, or replace this one with --force.");
        return exitCode(RunEnding::InvalidInput);
    }
    if (const auto written = writeFileAtomically(file, initTemplate(), FileMode::Private); !written)
        return failed(written.error(), exitCodeOf(written.error()));
    const auto named = isFoundByItself(file) ? std::string() : " --config " + file.string();
    std::cout << fmt::format("Wrote {}; only you can read it. Each key has its default and says what it is.\n"
                             "Next:\n"
                             "  1. Give the key: export ANTHROPIC_API_KEY=…\n"
                             "  2. See whether all is there: agent-pipeline doctor{}\n"
                             "  3. Start: agent-pipeline run --requirements requirements.md{}\n",
                             printable(file.string()), printable(named), printable(named))
              << std::flush;
    return 0;
}

int doctorCommand(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    const auto findings = examine(composition, stop);
    if (stop.stop_requested())
        return exitCode(RunEnding::Stopped);
    const auto failures = std::ranges::count(findings, Status::Fail, &Finding::status);
    if (options.json) {
        std::cout << doctorJson(findings, composition.config()).dump(2, ' ', false, Json::error_handler_t::replace) << std::endl;
    } else {
        printTable(findings);
        std::cout << summary(failures, std::ranges::count(findings, Status::Warn, &Finding::status)) << std::endl;
    }
    return failures == 0 ? 0 : exitCode(RunEnding::EnvironmentProblem);
}

} // namespace aap
