#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/e2e/escape/attempt.h"

namespace aap::escape {

/// Things of this machine that nobody in a sandbox may find, reach or change: a secret in a file, one in our environment, sockets on
/// all addresses and one like an engine's. What is found of the token anywhere, or arrives at a socket, has got out.
class Canaries {
public:
    /// Puts its files into `folder`.
    explicit Canaries(const std::filesystem::path& folder);
    ~Canaries();
    Canaries(const Canaries&) = delete;
    Canaries& operator=(const Canaries&) = delete;

    const std::string& token() const { return m_token; }
    /// What there is to attack, but for the other run.
    Target target() const;
    /// What happened to them, one line each; empty when nothing did.
    std::string alarms() const;

private:
    std::filesystem::path m_folder;
    std::string m_token;
    int m_tcp = -1;
    int m_tcp6 = -1;
    int m_udp = -1;
    int m_unix = -1;
    int m_tcpPort = 0;
    int m_udpPort = 0;
};

/// The command lines of all processes of this machine that have `text` in them.
std::vector<std::string> processesWith(const std::string& text);

} // namespace aap::escape
