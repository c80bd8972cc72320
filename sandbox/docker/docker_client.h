#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/llm/http_exchange.h"
#include "sandbox/docker/endpoint.h"

namespace aap {

class EngineCall;

/// What is asked of the engine. `path` stands below the API version ("/containers/json?all=1") and is percent-encoded already;
/// "/_ping" alone is sent without a version.
struct DockerRequest {
    std::string method = "GET";
    std::string path{};
    std::string body{};
    std::string contentType = "application/json"; ///< of a body
    /// When set, the body comes from here piece by piece, chunked; an empty piece ends it. An Error aborts the request.
    std::function<Result<std::string>()> bodyPieces{};
    HttpHeaders headers{};
    Milliseconds headTimeout = std::chrono::seconds(10); ///< until the answer's head is there
    Milliseconds idleTimeout = std::chrono::minutes(10); ///< without a byte of the body
    std::size_t bodyLimit = 64U << 20U;
};

struct DockerAnswer {
    int status = 0;
    HttpHeaders headers{};
    std::string body{}; ///< what a listener did not get
};

/// A Docker engine behind its socket. Thread-safe: every call opens a connection of its own. Every call blocks, ends by its
/// deadlines and within 100 ms after `stop` was requested (ErrorCode::Stopped).
///
/// Errors of the transport: Unavailable (no engine there), Unauthorized (socket forbidden), Timeout, Protocol, Stopped; each with a
/// remedy for people.
class DockerClient {
public:
    using OnBytes = std::function<void(std::string_view bytes)>;

    explicit DockerClient(DockerEndpoint endpoint);
    ~DockerClient();
    DockerClient(const DockerClient&) = delete;
    DockerClient& operator=(const DockerClient&) = delete;

    const DockerEndpoint& endpoint() const;
    /// Negotiates the API version on first use, inside [1.41, 1.44]; "1.41".
    Result<std::string> apiVersion(const std::stop_token& stop);

    /// Any answer, whatever its status. `onBytes`: gets the body of a 2xx answer as it arrives, unchunked.
    Result<DockerAnswer> send(const DockerRequest& request, const std::stop_token& stop, const OnBytes& onBytes = {});
    /// JSON in, JSON out (null for an empty body). A status of 300 and more is an Error with the engine's message: 404 NotFound,
    /// 401/403 Unauthorized, 400/409 Invalid, everything else Unavailable. 304 is success.
    Result<Json> call(const std::string& method, const std::string& path, const Json& body, const std::stop_token& stop,
                      Milliseconds headTimeout = std::chrono::seconds(10));
    /// For streams both ways: returns with the head of the answer, whatever its status; the caller steps on from there.
    Result<std::unique_ptr<EngineCall>> begin(const DockerRequest& request, const std::stop_token& stop);
    /// A stream of JSON objects, one a line (build, pull, import). An "errorDetail" or "error" member ends it as an Error.
    Result<void> stream(const DockerRequest& request, const std::function<void(const Json& object)>& onObject, const std::stop_token& stop);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The engine's words in the body of a failed answer; its first 500 bytes when it is no JSON.
std::string engineMessage(const DockerAnswer& answer);
/// What an answer of status 300 and more (but 304) means, as call() reports it.
Error engineError(const DockerAnswer& answer);
/// "a b&c" → "a%20b%26c", for a part of a path or query.
std::string percentEncoded(std::string_view text);
/// `{"label":["aap.app=1"]}` as the value of ?filters=, encoded.
std::string encodedFilters(const Json& filters);

} // namespace aap
