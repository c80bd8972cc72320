#pragma once

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

/// Table and test of what system calls, devices, files and addresses foreign code is refused.
void addRefusedRows();
void verifyRefusal(Sandbox& sandbox);

} // namespace aap

Q_DECLARE_METATYPE(aap::HostileCommand)
