#include "core/llm/api_endpoint.h"

#include <fmt/format.h>

#include <QUrl>

namespace aap {

Result<ApiEndpoint> ApiEndpoint::parse(std::string_view baseUrl)
{
    const QUrl url(QString::fromUtf8(baseUrl.data(), qsizetype(baseUrl.size())).trimmed(), QUrl::StrictMode);
    const bool isSecure = url.scheme() == QLatin1String("https");
    if (!url.isValid() || url.host().isEmpty() || (!isSecure && url.scheme() != QLatin1String("http")) || url.hasQuery() || url.hasFragment())
        return Error{ErrorCode::Invalid, fmt::format("'{}' is no address of an API", baseUrl), {},
                     "Set an address such as https://api.anthropic.com or http://127.0.0.1:11434."};
    ApiEndpoint endpoint;
    endpoint.m_isAnthropic = url.host() == QLatin1String("api.anthropic.com");
    if (endpoint.m_isAnthropic && !isSecure)
        return Error{ErrorCode::Invalid, "the key must not travel unencrypted", {}, "Set the address to https://api.anthropic.com."};
    auto base = url.toString(QUrl::FullyEncoded | QUrl::StripTrailingSlash).toStdString();
    while (base.ends_with('/'))
        base.pop_back();
    if (base.ends_with("/v1"))
        base.resize(base.size() - 3);
    endpoint.m_base = std::move(base);
    return endpoint;
}

} // namespace aap
