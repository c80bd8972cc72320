#include "core/llm/http_exchange.h"

#include <algorithm>

#include <fmt/format.h>

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>

namespace aap {
namespace {

constexpr auto kNoSuchApi = "No Messages API talks like that: check the server's address in the settings, then resume the run.";
/// How long a finished reply may take to end properly, so that the connection can be used again.
constexpr Milliseconds kGrace{1000};
constexpr qint64 kReadBuffer = 1 << 20; // a server that floods us waits instead of filling our memory
constexpr std::size_t kErrorBytes = 256U << 10U;

bool sameName(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

QByteArray bytes(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

QNetworkRequest networkRequest(const HttpRequest& request)
{
    QNetworkRequest network{QUrl(QString::fromStdString(request.url))};
    network.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    network.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    network.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    network.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    network.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    for (const auto& [name, value] : request.headers)
        network.setRawHeader(bytes(name), bytes(value));
    return network;
}

std::string redirectText(const QNetworkReply& reply, int status)
{
    const auto target = reply.url().resolved(QUrl::fromEncoded(reply.rawHeader("location")));
    return fmt::format("HTTP {}: the server wants to send us on to '{}'", status,
                       target.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment).left(200).toStdString());
}

struct Cut {
    Error error;
    bool isRetryable = false;
};

Cut cutOf(const QNetworkReply& reply)
{
    const auto text = (reply.url().authority() + QStringLiteral(": ") + reply.errorString()).toStdString(); // without what a URL may hide
    switch (reply.error()) {
    case QNetworkReply::SslHandshakeFailedError:
        return {{ErrorCode::Unavailable, "no secure connection: " + text, {},
                 "The server's certificate cannot be trusted: check the address, the clock and the system's certificates."}, false};
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return {{ErrorCode::Unauthorized, "the proxy asks for a password: " + text, {}, "Check the proxy's settings."}, false};
    case QNetworkReply::HostNotFoundError:
        return {{ErrorCode::Unavailable, text, {}, "Check the network and the server's address."}, true};
    case QNetworkReply::ProtocolUnknownError:
    case QNetworkReply::ProtocolInvalidOperationError:
        return {{ErrorCode::Invalid, text, {}, "Check the server's address: it begins with https:// or http://."}, false};
    case QNetworkReply::UnknownContentError:
    case QNetworkReply::ContentReSendError:
        return {{ErrorCode::Protocol, "the answer cannot be unpacked: " + text, {}, kNoSuchApi}, false};
    case QNetworkReply::ConnectionRefusedError:
        return {{ErrorCode::Unavailable, text, {}, "Check that the server runs and its address and port are right."}, true};
    default:
        return {{ErrorCode::Unavailable, text, {}, "Check the network, then resume the run."}, true};
    }
}

/// One exchange under way: decides when it is over and why.
class Wait {
public:
    Wait(QNetworkReply& reply, const HttpLimits& limits, const HttpExchange::OnPiece& onPiece, HttpAnswer& answer)
        : m_reply(reply), m_limits(limits), m_onPiece(onPiece), m_answer(answer)
    {
        m_timer.setSingleShot(true);
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_loop, [this] { timeOut(); });
        QObject::connect(&reply, &QNetworkReply::requestSent, &m_loop, [this] {
            alive();
            m_reply.setReadBufferSize(kReadBuffer); // earlier it would get lost
        });
        QObject::connect(&reply, &QNetworkReply::metaDataChanged, &m_loop, [this] { readHead(); });
        QObject::connect(&reply, &QNetworkReply::readyRead, &m_loop, [this] { read(); });
        QObject::connect(&reply, &QNetworkReply::finished, &m_loop, [this] { finish(); });
    }

    void run(const std::stop_token& stop)
    {
        m_timer.start(m_limits.connect);
        const std::stop_callback wake(stop, [this] { // runs on whichever thread asks us to stop
            QMetaObject::invokeMethod(&m_loop, &QEventLoop::quit, Qt::QueuedConnection);
        });
        if (m_reply.isFinished())
            finish();
        if (!m_isOver)
            m_loop.exec();
        m_reply.disconnect(&m_loop);
        if (!m_isOver && stop.stop_requested())
            m_answer.cut = Error{ErrorCode::Stopped, "stopped while waiting for the model"};
        if (!m_reply.isFinished())
            m_reply.abort();
    }

private:
    void alive()
    {
        if (!m_hasEnough) {
            m_isSent = true;
            m_timer.start(m_limits.idle);
        }
    }

    void readHead()
    {
        alive();
        m_answer.status = m_reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        m_answer.headers.clear();
        for (const auto& [name, value] : m_reply.rawHeaderPairs())
            m_answer.headers.emplace_back(name.toLower().toStdString(), value.toStdString());
    }

    void read()
    {
        alive();
        const auto piece = m_reply.readAll();
        if (m_isOver || m_hasEnough)
            return;
        m_received += std::size_t(piece.size());
        if (m_received > m_limits.bodyBytes)
            return end(Error{ErrorCode::Protocol, fmt::format("the answer is longer than {} bytes", m_limits.bodyBytes), {}, kNoSuchApi}, false);
        const std::string_view text(piece.data(), std::size_t(piece.size()));
        if (m_answer.status < 200 || m_answer.status > 299) {
            m_answer.body += text.substr(0, kErrorBytes - std::min(kErrorBytes, m_answer.body.size()));
        } else if (!m_onPiece) {
            m_answer.body += text;
        } else if (m_onPiece(m_answer, text) == HttpExchange::Want::Enough) {
            m_hasEnough = true;
            m_timer.start(kGrace);
        }
    }

    void finish()
    {
        if (m_isOver)
            return;
        if (m_answer.status == 0)
            readHead();
        read();
        if (m_isOver)
            return;
        const bool isRedirect = m_answer.status >= 300 && m_answer.status < 400;
        if (isRedirect)
            end(Error{ErrorCode::Protocol, redirectText(m_reply, m_answer.status), {},
                      "Redirects are not followed, because the key would go with them. Set the address the server really has."}, false);
        else if (const bool answered = m_answer.status >= 400; !answered && !m_hasEnough && m_reply.error() != QNetworkReply::NoError) {
            auto cut = cutOf(m_reply);
            end(std::move(cut.error), cut.isRetryable);
        } else {
            end(std::nullopt, false);
        }
    }

    void timeOut()
    {
        if (m_hasEnough)
            return end(std::nullopt, false);
        const auto seconds = [](Milliseconds span) { return std::chrono::duration<double>(span).count(); };
        end(Error{ErrorCode::Timeout,
                  m_isSent ? fmt::format("the server was silent for {} s", seconds(m_limits.idle))
                           : fmt::format("no connection within {} s", seconds(m_limits.connect)),
                  {}, "Check the network and the server, then resume the run."}, true);
    }

    void end(std::optional<Error> cut, bool isRetryable)
    {
        m_isOver = true;
        m_timer.stop();
        m_answer.cut = std::move(cut);
        m_answer.isRetryable = isRetryable;
        m_loop.quit();
    }

    QNetworkReply& m_reply;
    const HttpLimits& m_limits;
    const HttpExchange::OnPiece& m_onPiece;
    HttpAnswer& m_answer;
    QEventLoop m_loop; // the one loop a worker may run
    QTimer m_timer;
    std::size_t m_received = 0;
    bool m_isSent = false;
    bool m_hasEnough = false;
    bool m_isOver = false;
};

} // namespace

std::string headerValue(const HttpHeaders& headers, std::string_view name)
{
    const auto found = std::ranges::find_if(headers, [name](const auto& header) { return sameName(header.first, name); });
    return found == headers.end() ? std::string() : found->second;
}

HttpExchange::HttpExchange() = default;
HttpExchange::~HttpExchange() = default;

HttpAnswer HttpExchange::send(const HttpRequest& request, const HttpLimits& limits, const OnPiece& onPiece, const std::stop_token& stop)
{
    HttpAnswer answer;
    if (stop.stop_requested()) {
        answer.cut = Error{ErrorCode::Stopped, "stopped before asking the model"};
        return answer;
    }
    if (!m_network) {
        m_network = std::make_unique<QNetworkAccessManager>();
        m_network->setAutoDeleteReplies(false);
    }
    const auto network = networkRequest(request);
    const std::unique_ptr<QNetworkReply> reply(request.method == "GET" ? m_network->get(network)
                                                                       : m_network->post(network, bytes(request.body)));
    Wait(*reply, limits, onPiece, answer).run(stop);
    return answer;
}

} // namespace aap
