#pragma once

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <QTemporaryDir>

#include "sandbox/docker/endpoint.h"

namespace aap {

/// Plays a Docker engine on a UNIX socket: each connection gets the next answer of the script, whatever it asked. /version is
/// answered from `version` and is not part of the script.
class FakeEngine {
public:
    struct Answer {
        std::string bytes{};
        bool oneByOne = false;     ///< each byte in a write of its own
        bool staysOpen = false;    ///< the connection is closed by the client
        bool beforeBody = false;   ///< answers after the head of the request and reads no more
        std::string afterInput{};  ///< sent once the client has sent `input` after the head
        std::string input{};
    };

    explicit FakeEngine(std::vector<Answer> script, std::string version = R"({"ApiVersion":"1.41","MinAPIVersion":"1.12"})");
    ~FakeEngine();
    FakeEngine(const FakeEngine&) = delete;
    FakeEngine& operator=(const FakeEngine&) = delete;

    DockerEndpoint endpoint() const { return DockerEndpoint{.path = m_path, .source = "test"}; }
    /// What was asked so far, /version too, each with its body.
    std::vector<std::string> requests() const;

private:
    void serve(const std::stop_token& stop);
    void handle(int connection, const std::stop_token& stop);

    QTemporaryDir m_folder{};
    std::string m_path{};
    int m_listener = -1;
    std::string m_version{};
    std::vector<Answer> m_script{};
    std::size_t m_next = 0;
    mutable std::mutex m_mutex{}; ///< guards m_requests
    std::vector<std::string> m_requests{};
    std::jthread m_thread{}; // last: ends before what it uses
};

/// An answer with a Content-Length.
std::string httpAnswer(const std::string& statusLine, const std::string& body, const std::string& headers = {});

} // namespace aap
