#include "sandbox/docker/docker_client.h"

#include <algorithm>
#include <charconv>
#include <compare>
#include <mutex>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/llm/bounded_json.h"
#include "sandbox/docker/engine_call.h"

namespace aap {
namespace {

constexpr std::size_t kLongestJson = 4U << 20U; // of a stream of JSON objects

/// Compared as numbers: as text, "1.9" would be newer than "1.41".
struct ApiVersion {
    int major = 0;
    int minor = 0;
    friend auto operator<=>(const ApiVersion&, const ApiVersion&) = default;
    std::string text() const { return fmt::format("{}.{}", major, minor); }
};

constexpr ApiVersion kOldest{1, 41};
constexpr ApiVersion kNewest{1, 44};

std::optional<ApiVersion> parseVersion(std::string_view text)
{
    ApiVersion version;
    const auto end = text.data() + text.size();
    const auto major = std::from_chars(text.data(), end, version.major);
    if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.')
        return std::nullopt;
    const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
    if (minor.ec != std::errc() || minor.ptr != end || version.major < 0 || version.minor < 0)
        return std::nullopt;
    return version;
}

Result<ApiVersion> chooseVersion(const Json& engine)
{
    const auto newest = parseVersion(stringIn(engine, "ApiVersion"));
    const auto oldest = parseVersion(stringIn(engine, "MinAPIVersion"));
    if (!newest)
        return Error{ErrorCode::Protocol, "the engine does not say which API version it speaks", {},
                     "Check that a Docker engine, and nothing else, listens at this address."};
    if (*newest < kOldest)
        return Error{ErrorCode::Unavailable,
                     fmt::format("the Docker engine is too old: it speaks API {}, and {} is needed", newest->text(), kOldest.text()),
                     {}, "Install Docker 20.10 or newer."};
    if (oldest && *oldest > kNewest)
        return Error{ErrorCode::Unavailable,
                     fmt::format("the Docker engine is too new: it asks for API {}, and {} is the newest known here",
                                 oldest->text(), kNewest.text()),
                     {}, "Install a newer version of this program, or set DOCKER_MIN_API_VERSION=1.44 for the engine."};
    return std::min(*newest, kNewest);
}

ErrorCode codeOf(int status)
{
    switch (status) {
    case 400:
    case 409:
        return ErrorCode::Invalid;
    case 401:
    case 403:
        return ErrorCode::Unauthorized;
    case 404:
        return ErrorCode::NotFound;
    default:
        return ErrorCode::Unavailable;
    }
}

bool isSuccess(int status)
{
    return (status >= 200 && status < 300) || status == 304;
}

/// The engine was replaced while we run, and speaks other versions now.
bool refusesVersion(const DockerAnswer& answer)
{
    const auto message = engineMessage(answer);
    return answer.status == 400 && message.starts_with("client version ")
        && (message.find("is too new") != message.npos || message.find("is too old") != message.npos);
}

std::optional<Error> errorIn(const Json& object)
{
    auto message = stringIn(memberOf(object, "errorDetail"), "message");
    if (message.empty())
        message = stringIn(object, "error");
    if (message.empty())
        return std::nullopt;
    return Error{ErrorCode::Unavailable, "Docker: " + message};
}

/// Cuts a stream into lines and parses them.
class JsonLines {
public:
    explicit JsonLines(const std::function<void(const Json&)>& onObject) : m_onObject(onObject) {}

    void feed(std::string_view bytes)
    {
        m_rest += bytes;
        std::size_t start = 0;
        for (auto end = m_rest.find('\n'); end != std::string::npos; end = m_rest.find('\n', start)) {
            take(std::string_view(m_rest).substr(start, end - start));
            start = end + 1;
        }
        m_rest.erase(0, start);
        if (m_rest.size() > kLongestJson)
            fail(Error{ErrorCode::Protocol, "a line of the engine's stream is too long"});
    }
    void close() { take(m_rest); }
    const std::optional<Error>& failure() const { return m_failure; }

private:
    void fail(Error error)
    {
        if (!m_failure)
            m_failure = std::move(error);
        m_rest.clear();
    }
    void take(std::string_view line)
    {
        if (m_failure || line.find_first_not_of(" \r") == line.npos)
            return;
        const auto object = parseBounded(line);
        if (!object.is_object())
            return fail(Error{ErrorCode::Protocol, "the engine's stream holds something that is no JSON object"});
        if (auto error = errorIn(object))
            return fail(*std::move(error));
        m_onObject(object);
    }

    const std::function<void(const Json&)>& m_onObject;
    std::string m_rest{};
    std::optional<Error> m_failure{};
};

} // namespace

struct DockerClient::State {
    explicit State(DockerEndpoint where) : endpoint(std::move(where)) {}

    const DockerEndpoint endpoint;
    std::mutex mutex{};              ///< guards version
    std::optional<ApiVersion> version{};

    void forgetVersion()
    {
        const std::lock_guard lock(mutex);
        version.reset();
    }
};

DockerClient::DockerClient(DockerEndpoint endpoint) : m_state(std::make_unique<State>(std::move(endpoint))) {}
DockerClient::~DockerClient() = default;

const DockerEndpoint& DockerClient::endpoint() const
{
    return m_state->endpoint;
}

Result<std::string> DockerClient::apiVersion(const std::stop_token& stop)
{
    {
        const std::lock_guard lock(m_state->mutex);
        if (m_state->version)
            return m_state->version->text();
    }
    auto call = EngineCall::begin(m_state->endpoint, DockerRequest{}, "/version", stop);
    if (!call)
        return std::move(call).error().during("ask Docker for its version");
    auto body = (*call)->body(std::chrono::seconds(10), 1U << 20U, stop);
    if (!body)
        return std::move(body).error().during("ask Docker for its version");
    const DockerAnswer answer{(*call)->head().status, (*call)->head().headers, *std::move(body)};
    if (!isSuccess(answer.status))
        return engineError(answer).during("ask Docker for its version");
    auto version = chooseVersion(parseBounded(answer.body));
    if (!version)
        return std::move(version).error();
    const std::lock_guard lock(m_state->mutex);
    m_state->version = *version;
    return version->text();
}

Result<std::unique_ptr<EngineCall>> DockerClient::begin(const DockerRequest& request, const std::stop_token& stop)
{
    if (request.path == "/_ping")
        return EngineCall::begin(m_state->endpoint, request, request.path, stop);
    auto version = apiVersion(stop);
    if (!version)
        return std::move(version).error();
    return EngineCall::begin(m_state->endpoint, request, "/v" + *version + request.path, stop);
}

Result<DockerAnswer> DockerClient::send(const DockerRequest& request, const std::stop_token& stop, const OnBytes& onBytes)
{
    const bool isRepeatable = request.method == "GET" || request.method == "HEAD";
    for (bool isFirst = true;; isFirst = false) {
        auto call = begin(request, stop);
        if (!call)
            return std::move(call).error();
        DockerAnswer answer{(*call)->head().status, (*call)->head().headers, {}};
        if (onBytes && isSuccess(answer.status)) {
            if (auto read = (*call)->body(request.idleTimeout, onBytes, stop); !read)
                return std::move(read).error();
            return answer;
        }
        auto body = (*call)->body(request.idleTimeout, request.bodyLimit, stop);
        if (!body)
            return std::move(body).error();
        answer.body = *std::move(body);
        if (!refusesVersion(answer))
            return answer;
        m_state->forgetVersion();
        if (!isFirst || !isRepeatable)
            return answer;
    }
}

Result<Json> DockerClient::call(const std::string& method, const std::string& path, const Json& body,
                                const std::stop_token& stop, Milliseconds headTimeout)
{
    DockerRequest request{.method = method, .path = path, .headTimeout = headTimeout};
    if (!body.is_null())
        request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
    auto answer = send(request, stop);
    if (!answer)
        return std::move(answer).error();
    if (!isSuccess(answer->status))
        return engineError(*answer);
    if (answer->body.empty())
        return Json();
    auto json = parseBounded(answer->body);
    if (json.is_discarded())
        return Error{ErrorCode::Protocol, fmt::format("Docker's answer to {} {} is no JSON", method, path)};
    return json;
}

Result<void> DockerClient::stream(const DockerRequest& request, const std::function<void(const Json& object)>& onObject,
                                  const std::stop_token& stop)
{
    JsonLines lines(onObject);
    std::stop_source enough; // ends the reading on an error line, too
    const std::stop_callback forward(stop, [&enough] { enough.request_stop(); });
    auto answer = send(request, enough.get_token(), [&](std::string_view bytes) {
        lines.feed(bytes);
        if (lines.failure())
            enough.request_stop();
    });
    if (answer)
        lines.close();
    if (lines.failure())
        return *lines.failure();
    if (!answer)
        return std::move(answer).error();
    if (!isSuccess(answer->status))
        return engineError(*answer);
    return {};
}

std::string engineMessage(const DockerAnswer& answer)
{
    const auto json = parseBounded(answer.body);
    auto message = stringIn(json, "message");
    if (message.empty())
        message = stringIn(json, "cause");
    if (message.empty())
        message = answer.body.substr(0, 500);
    while (!message.empty() && (message.back() == '\n' || message.back() == '\r' || message.back() == ' '))
        message.pop_back();
    return message;
}

Error engineError(const DockerAnswer& answer)
{
    const auto message = engineMessage(answer);
    Error error{codeOf(answer.status),
                message.empty() ? fmt::format("Docker: HTTP {}", answer.status) : fmt::format("Docker: {}", message)};
    if (message.find("HTTP request to an HTTPS server") != message.npos)
        error.remedy = "The engine speaks TLS: set DOCKER_CERT_PATH to the folder of its certificates.";
    else if (message.find("no space left on device") != message.npos)
        error.remedy = "Docker's disk is full: remove old images and containers, then try again.";
    return error;
}

std::string percentEncoded(std::string_view text)
{
    std::string encoded;
    for (const char c : text) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || std::string_view("-._~").find(c) != std::string_view::npos;
        encoded += isPlain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

std::string encodedFilters(const Json& filters)
{
    return percentEncoded(filters.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace aap
