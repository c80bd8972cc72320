#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/time.h"

class QNetworkAccessManager;

namespace aap {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;
/// The first header of that name, in any case; "" for none.
std::string headerValue(const HttpHeaders& headers, std::string_view name);

struct HttpRequest {
    std::string method = "POST"; ///< POST or GET
    std::string url{};
    HttpHeaders headers{};
    std::string body{};
};

struct HttpLimits {
    Milliseconds connect{30'000};        ///< until the request is on its way
    Milliseconds idle{120'000};          ///< without a byte from the server
    std::size_t bodyBytes = 64U << 20U;  ///< of the answer, unpacked
};

/// What came back. `cut` says why it is not all there; a clean early close of a stream leaves it empty.
struct HttpAnswer {
    int status = 0; ///< 0: no answer
    HttpHeaders headers{};
    std::string body{}; ///< what `onPiece` did not get; of errors no more than the beginning
    std::optional<Error> cut{};
    bool isRetryable = false; ///< the cut may be a passing one
};

/// One HTTP exchange after the other over a connection that stays open between them. Redirects are not followed: Qt would
/// carry the key along to the other host.
///
/// Everything is made on the first call, on the thread that calls, and all calls come from that thread. Destroy it there or
/// after that thread has ended.
class HttpExchange {
public:
    enum class Want { More, Enough };
    /// Gets the body of a 2xx answer in pieces, with the head. Enough: the rest is of no interest and not waited for.
    using OnPiece = std::function<Want(const HttpAnswer& head, std::string_view piece)>;

    HttpExchange();
    ~HttpExchange();
    HttpExchange(const HttpExchange&) = delete;
    HttpExchange& operator=(const HttpExchange&) = delete;

    /// Blocks; returns within 300 ms after `stop` was requested, with `cut` Stopped.
    HttpAnswer send(const HttpRequest& request, const HttpLimits& limits, const OnPiece& onPiece, const std::stop_token& stop);

private:
    std::unique_ptr<QNetworkAccessManager> m_network;
};

} // namespace aap
