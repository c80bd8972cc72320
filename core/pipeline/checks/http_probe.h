#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/pipeline/check_context.h"

namespace aap {

/// One request to the deployed service.
struct ProbeRequest {
    std::string method = "GET";
    std::string path = "/"; ///< with its query
    std::map<std::string, std::string> headers{};
    std::string body{};
};

struct ProbeAnswer {
    int status = 0;      ///< 0: there was no answer
    std::chrono::microseconds time{}; ///< until the last byte
    std::uint64_t bytes = 0;
    std::string body{};  ///< raw, at most about 1 MiB
    std::string error{}; ///< why there was no answer

    bool ok() const { return status >= 200 && status < 300; }
};

/// Asks services of the run's network from a sandbox on it: nothing of the deployment is reachable from the host. No redirects, no
/// proxy, HTTP only. One thread; the sandbox goes with the object.
class HttpProbe {
public:
    static Result<HttpProbe> open(CheckContext& context, const std::string& network);
    /// `spec`: whose run and stage it is, and the network.
    static Result<HttpProbe> open(SandboxProvider& sandboxes, SandboxSpec spec, const std::stop_token& stop);

    /// A service that does not answer is an answer; an Error means that the sandbox failed or the user stopped it.
    Result<ProbeAnswer> ask(const std::string& service, int port, const ProbeRequest& request,
                           Milliseconds timeout = std::chrono::seconds(5)) const;
    Sandbox& sandbox() const { return *m_sandbox; }

private:
    HttpProbe(std::unique_ptr<Sandbox> sandbox, std::stop_token stop) : m_stop(std::move(stop)), m_sandbox(std::move(sandbox)) {}

    std::stop_token m_stop;
    std::unique_ptr<Sandbox> m_sandbox;
};

/// What is wrong with a request that somebody else wrote, or "": control characters and blanks in the path, odd header names.
std::string requestComplaint(const ProbeRequest& request);

} // namespace aap
