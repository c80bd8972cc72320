#include "app/cli/commands.h"

#include <filesystem>
#include <iostream>
#include <set>

#include <unistd.h>

#include <QCoreApplication>

#include "app/cli/bundle_command.h"
#include "app/cli/deployment_commands.h"
#include "app/cli/exit.h"
#include "app/cli/fork_command.h"
#include "app/cli/gate_commands.h"
#include "app/cli/history.h"
#include "app/cli/housekeeping.h"
#include "app/cli/interrupt.h"
#include "app/cli/run_commands.h"
#include "app/cli/sandbox_commands.h"
#include "app/cli/secret_commands.h"
#include "app/cli/setup_commands.h"
#include "app/cli/time_travel.h"
#include "app/composition.h"
#include "core/base/process.h"

namespace aap {
namespace {

/// Whether sandboxes are made, which are given the project's secrets.
bool carriesRuns(const std::string& command)
{
    static const std::set<std::string> kWorking{"run", "run-stages", "review", "resume", "fork", "replay", "demo", "doctor"};
    return kWorking.contains(command);
}

bool needsKey(const std::string& command)
{
    static const std::set<std::string> kAsking{"run", "run-stages", "review", "resume", "fork", "doctor", "bundle"};
    return kAsking.contains(command);
}

CompositionSettings settingsFor(const Options& options)
{
    auto flags = options.flags;
    if (!options.provider.empty())
        flags["provider.name"] = options.provider;
    return {.flags = std::move(flags), .configFile = options.configFile, .environment = processEnvironment(),
            .workingFolder = std::filesystem::current_path(), .asksKeychain = needsKey(options.command), .readsSecrets = carriesRuns(options.command),
            .usesKeychain = options.command.starts_with("secret "), .logsToTerminal = options.verbose};
}

int carryOut(const Options& options, const Composition& composition, const std::stop_token& stop)
{
    const auto& command = options.command;
    if (command == "run" || command == "run-stages" || command == "review")
        return runPipelineCommand(options, composition, stop);
    if (command == "fork")
        return forkCommand(options, composition, stop);
    if (command == "resume")
        return resumeCommand(options, composition, stop);
    if (command == "replay" || command == "demo")
        return replayCommand(options, composition, stop);
    if (command == "doctor")
        return doctorCommand(options, composition, stop);
    if (command.starts_with("secret "))
        return secretCommand(options, composition, std::cin, std::cout);
    if (command == "sandbox build")
        return sandboxBuildCommand(options, composition, stop);
    if (command == "sandbox info")
        return sandboxInfoCommand(options, composition, stop);
    if (command == "sandbox prune")
        return sandboxPruneCommand(options, composition, stop);
    if (command.starts_with("deployments "))
        return deploymentsCommand(options, composition, stop);
    const auto journalFile = composition.folders().data / "journal.sqlite";
    if (command == "backup")
        return backupCommand(options, journalFile, std::cout, std::cerr);
    if (command == "restore-backup")
        return restoreBackupCommand(options, journalFile, std::cout, std::cerr);
    if (command == "config export")
        return exportConfigCommand(options, composition.config(), std::cout, std::cerr);
    if (command == "config import")
        return importConfigCommand(options, composition.folders().config, std::cout, std::cerr);
    const auto keyFile = composition.signingKey();
    if (command == "bundle verify")
        return verifyBundleCommand(options, keyFile, std::cout, std::cerr);
    const auto journal = composition.openJournal();
    if (!journal)
        return failed(journal.error(), exitCodeOf(journal.error()));
    if (command == "bundle")
        return bundleCommand(options, **journal, {keyFile, composition.keychain()}, std::cout, std::cerr);
    if (command == "import")
        return importCommand(options, **journal, composition.importedRuns(), keyFile, stop, std::cout, std::cerr);
    if (command == "approve" || command == "reject")
        return decideCommand(options, **journal, composition.redactor(), std::cout, std::cerr);
    if (command == "runs prune")
        return pruneRunsCommand(options, **journal, journalFile, now(), std::cout, std::cerr);
    if (command == "compare")
        return compareCommand(options, **journal, std::cout, std::cerr);
    if (command == "show")
        return showCommand(options, **journal, composition.prices(), std::cout, std::cerr);
    if (command == "diff")
        return diffCommand(options, **journal, ::isatty(STDOUT_FILENO) == 1, std::cout, std::cerr);
    if (command == "restore")
        return restoreCommand(options, **journal, std::cout, std::cerr);
    if (command == "runs")
        hintAtInterrupted(options, composition);
    const auto history = command == "runs" ? runsCommand : exportCommand;
    return history(options, **journal, std::cout, std::cerr);
}

} // namespace

int runCommand(const Options& options, int argc, char** argv)
{
    protectProcess();
    if (options.command == "init")
        return initCommand(options);
    if (options.command == "verify")
        return verifyCommand(options, std::cout, std::cerr);
    std::stop_source stop;
    const Interrupt interrupt([&stop] { stop.request_stop(); }); // before any other thread
    const QCoreApplication program(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("agent-pipeline"));
    QCoreApplication::setApplicationVersion(QStringLiteral(AAP_VERSION));
    const auto composition = Composition::make(settingsFor(options));
    if (!composition)
        return failed(composition.error(), exitCode(RunEnding::InvalidInput));
    if (!options.quiet)
        for (const auto& notice : (*composition)->config().notices)
            std::cerr << "note: " << notice << std::endl;
    return carryOut(options, **composition, stop.get_token());
}

} // namespace aap
