#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/time.h"

namespace aap::escape {

/// What an attacker would know of the machine he wants to reach.
struct Target {
    std::filesystem::path secret{}; ///< a file of the user, beside the workspace
    std::filesystem::path socket{}; ///< listens like an engine's
    int tcpPort = 0;                ///< on every address of the machine
    int udpPort = 0;
    std::string otherContainer{}; ///< name of another run's sandbox
    std::filesystem::path otherWorkspace{};
};

/// One call of a tool by an agent who wants out, and what must come of it.
struct Attempt {
    enum class Must {
        Say,     ///< the command's output is exactly `words`
        Contain, ///< the answer has `words` in it
        Refuse,  ///< the answer is an error with `words` in it
        End,     ///< the command is ended by us; `words` say how
    };

    std::string row{}; ///< of the table of threats: "E21"
    std::string what{};
    std::string tool{};
    Json input{};
    Must must = Must::Say;
    std::string words{};
    Milliseconds within = std::chrono::seconds(10); ///< the machine may be busy; how soon control is regained is measured apart
};

using Attempts = std::vector<Attempt>;

/// A command of the shell, whose output must be `output`.
Attempt shell(std::string row, std::string what, std::string command, std::string output);
/// The same, ended by us after a second at the latest, with `words` about it.
Attempt endless(std::string row, std::string what, std::string command, std::string words, int seconds = 1);
/// Python with probe.py's names.
Attempt python(std::string row, std::string what, const std::string& program, std::string output);
/// A system call that must fail with `error`.
Attempt systemCall(std::string row, std::string what, const std::string& arguments, std::string error = "EPERM");
/// A call of a file tool that must be refused with `words`.
Attempt refused(std::string row, std::string what, std::string tool, Json input, std::string words);

/// probe.py of the workspace.
std::string probeProgram();

Attempts kernelAttempts();
Attempts fileAttempts(const Target& target);
Attempts pathAttempts();
Attempts networkAttempts(const Target& target);
Attempts processAttempts();
Attempts porterAttempts();
Attempts injectionAttempts();

/// The same in rooms without an engine, where some are contained in another way.
Attempts asInLocalRooms(Attempts attempts);

} // namespace aap::escape
