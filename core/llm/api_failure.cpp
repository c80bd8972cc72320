#include "core/llm/api_failure.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <QDateTime>
#include <QLocale>

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

/// What a status or, inside a stream, the error type that stands for it means.
struct Meaning {
    int status;
    std::string_view type;
    ErrorCode code;
    bool isRetryable;
    std::string_view remedy;
};

constexpr std::array kMeanings{
    Meaning{400, "invalid_request_error", ErrorCode::Invalid, false, "The request was refused as it is; the message says why. Change the model or its settings."},
    Meaning{401, "authentication_error", ErrorCode::Unauthorized, false, "The API key was refused. Check the key in the settings or in the environment."},
    Meaning{402, "billing_error", ErrorCode::Unauthorized, false, "The account has no credit. Top it up in the provider's console, then resume the run."},
    Meaning{403, "permission_error", ErrorCode::Unauthorized, false, "This key may not use the model. Choose another model, or a key of the right workspace."},
    Meaning{404, "not_found_error", ErrorCode::NotFound, false, "The server does not know the model or the address. Check both in the settings."},
    Meaning{407, "", ErrorCode::Unauthorized, false, "The proxy asks for a password. Check the proxy's settings."},
    Meaning{408, "", ErrorCode::Timeout, true, "The server gave up waiting. Resume the run later."},
    Meaning{409, "conflict_error", ErrorCode::Unavailable, true, "Resume the run later."},
    Meaning{413, "request_too_large", ErrorCode::Invalid, false, "The conversation has grown too large for one request. Split the task into smaller ones."},
    Meaning{429, "rate_limit_error", ErrorCode::RateLimited, true, "The account's rate limit is reached. Resume the run in a few minutes."},
    Meaning{500, "api_error", ErrorCode::Unavailable, true, "The provider has a problem. Resume the run later."},
    Meaning{504, "timeout_error", ErrorCode::Timeout, true, "The provider took too long. Resume the run later."},
    Meaning{529, "overloaded_error", ErrorCode::Unavailable, true, "The provider is overloaded. Resume the run later, or choose another model."},
    Meaning{200, "stream_incomplete", ErrorCode::Unavailable, true, "The reply broke off. Check the network, then resume the run."},
};

Meaning meaningOf(int status, const std::string& type)
{
    auto found = std::ranges::find(kMeanings, status, &Meaning::status);
    if (status == 200)
        found = std::ranges::find_if(kMeanings, [&type](const Meaning& m) { return !m.type.empty() && m.type == type; });
    if (found != kMeanings.end())
        return *found;
    if (status >= 500 || status == 200) // a stream may say what we do not know yet
        return {status, "", ErrorCode::Unavailable, true, "The server has a problem. Resume the run later."};
    return {status, "", ErrorCode::Protocol, false, "Check the server's address in the settings."};
}

bool isSpendLimit(const std::string& code)
{
    return code == "enforced_spend_limit_reached" || code == "contract_spend_limit_reached" || code == "ramp_limit_exceeded";
}

/// One line of bounded length: messages come from strangers.
std::string tidy(std::string text)
{
    std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    auto end = std::min<std::size_t>(text.size(), 600);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.size() > end ? text.substr(0, end) + "…" : text;
}

std::string detailOf(const ApiFailure& failure)
{
    std::string detail = failure.httpStatus == 200 ? "the stream broke off" : fmt::format("HTTP {}", failure.httpStatus);
    for (const auto& part : {failure.type, tidy(failure.message)})
        if (!part.empty() && part != "stream_incomplete")
            detail += ": " + part;
    return failure.requestId.empty() ? detail : fmt::format("{} (request {})", detail, failure.requestId);
}

} // namespace

ApiProblem problemIn(const Json& body)
{
    const auto& error = memberOf(body, "error");
    ApiProblem problem{.type = stringIn(error, "type"),
                       .message = stringIn(error, "message"),
                       .code = stringIn(memberOf(error, "details"), "error_code"),
                       .requestId = stringIn(body, "request_id")};
    if (error.is_string()) // some local servers
        problem.message = error.get<std::string>();
    return problem;
}

std::optional<Milliseconds> retryAfter(const HttpHeaders& headers, TimePoint at)
{
    bool isNumber = false;
    const auto inMs = QByteArray::fromStdString(headerValue(headers, "retry-after-ms")).toDouble(&isNumber);
    constexpr double most = 1e12; // beyond any wait; keeps the conversion defined
    if (isNumber && inMs >= 0)
        return Milliseconds(std::int64_t(std::min(inMs, most)));
    const auto text = QByteArray::fromStdString(headerValue(headers, "retry-after"));
    const auto seconds = text.toDouble(&isNumber);
    if (isNumber)
        return seconds >= 0 ? std::optional(Milliseconds(std::int64_t(std::min(seconds * 1000, most)))) : std::nullopt;
    auto date = QLocale::c().toDateTime(QString::fromLatin1(text), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
    if (!date.isValid())
        return std::nullopt;
    date.setTimeSpec(Qt::UTC);
    return std::max(Milliseconds(0), Milliseconds(date.toMSecsSinceEpoch()) - at.time_since_epoch());
}

ApiFailure failureOf(const HttpAnswer& answer, const ApiProblem& problem)
{
    ApiFailure failure{.httpStatus = answer.status, .type = problem.type, .message = problem.message, .requestId = problem.requestId};
    if (failure.requestId.empty())
        failure.requestId = tidy(headerValue(answer.headers, "request-id"));
    if (answer.cut) {
        failure.error = *answer.cut;
        failure.isRetryable = answer.isRetryable;
        if (answer.status == 200 && failure.type.empty())
            failure.type = "stream_incomplete";
        if (!failure.requestId.empty())
            failure.error.detail += fmt::format(" (request {})", failure.requestId);
        return failure;
    }
    const auto meaning = meaningOf(answer.status, problem.type);
    failure.error = Error{meaning.code, detailOf(failure), {}, std::string(meaning.remedy)};
    failure.isRetryable = meaning.isRetryable;
    failure.retryAfter = retryAfter(answer.headers, now());
    const auto advice = headerValue(answer.headers, "x-should-retry");
    if (answer.status >= 400 && (advice == "true" || advice == "false"))
        failure.isRetryable = advice == "true";
    if (isSpendLimit(problem.code)) {
        failure.isRetryable = false;
        failure.error.remedy = "The organization's spend limit is reached and waiting does not help. Raise it in the provider's console.";
    }
    return failure;
}

} // namespace aap
