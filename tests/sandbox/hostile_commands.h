#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <QTest>

#include "core/sandbox/sandbox.h"

namespace aap {

/// A shell script that an agent might run, and what must become of it in any sandbox.
struct HostileCommand {
    std::string name;
    std::string script;
    Ending ending;
    int exitCode;       ///< of Exited
    std::string output; ///< is part of it
};

/// For an agent's sandbox with 256 MiB.
std::vector<HostileCommand> hostileCommandsOfAgents();
/// Runs it within its time; what ends by itself may do so on a busy machine. Verifies by QtTest's macros.
void verifyHostileCommand(Sandbox& sandbox, const HostileCommand& command);

/// A shell script, and any command, within 20 s; Ending::Lost when the sandbox fails, with a warning.
CommandResult runCommand(Sandbox& sandbox, std::vector<std::string> argv, std::string input = {});
CommandResult runShell(Sandbox& sandbox, const std::string& script);
/// Files of whoever runs the tests as an agent's.
void giveToAgent(const std::filesystem::path& path);

void verifyForkBomb(Sandbox& sandbox);
void verifyFlood(Sandbox& sandbox);
void verifyQuickStop(Sandbox& sandbox);
/// `sandbox` has repo/tests frozen, where t.py holds the line "frozen".
void verifyFrozenPaths(Sandbox& sandbox);
/// Both with the same workspace.
void verifyVerifier(Sandbox& agent, Sandbox& verifier, const std::filesystem::path& workspace);
/// `sandbox` may hold 48 MB and 3000 files in the workspace; E14, E15: by one command, by its background jobs; and one can tidy up.
void verifyWorkspaceLimits(Sandbox& sandbox, const std::filesystem::path& workspace);

/// Table and test of what system calls, devices, files and addresses foreign code is refused.
void addRefusedRows();
void verifyRefusal(Sandbox& sandbox);

} // namespace aap

Q_DECLARE_METATYPE(aap::HostileCommand)
