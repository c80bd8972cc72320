#include <unistd.h>

#include <array>
#include <cstdio>
#include <optional>

#include <QCommandLineParser>
#include <QCoreApplication>

#include "tests/support/fake_messages_api.h"

using namespace aap;

namespace {

constexpr std::size_t kPieceBytes = 64;

/// What "cut:3" asks for: which request, and what happens to its answer.
struct Fault {
    std::size_t request = 0;
    std::function<Step(Step)> how{};
};

Step half(Step step, Step::End end)
{
    const auto bytes = step.body.size() / 2;
    return std::move(step).ending(end, bytes);
}

std::optional<Fault> parseFault(const QString& text)
{
    const auto parts = text.split(QLatin1Char(':'));
    bool isNumber = false;
    const auto request = parts.value(1).toUInt(&isNumber);
    if (parts.size() != 2 || !isNumber || request == 0)
        return std::nullopt;
    const auto& kind = parts.first();
    Fault fault{.request = request};
    if (kind == QLatin1String("stall"))
        fault.how = [](Step step) { return half(std::move(step), Step::End::Stall); };
    else if (kind == QLatin1String("cut"))
        fault.how = [](Step step) { return half(std::move(step), Step::End::Cut); };
    else if (kind == QLatin1String("slow"))
        fault.how = [](Step step) { return std::move(step).inPieces(kPieceBytes, Milliseconds(20)); };
    else if (kind == QLatin1String("429"))
        fault.how = [](Step) { return Step::error(429, "rate_limit_error", "slow down").with("retry-after", "1"); };
    else if (kind == QLatin1String("529"))
        fault.how = [](Step) { return Step::error(529, "overloaded_error", "overloaded"); };
    else
        return std::nullopt;
    return fault;
}

int fail(const QString& why)
{
    std::fprintf(stderr, "fake-messages-api: %s\n", qUtf8Printable(why));
    return 2;
}

int serve(const QCommandLineParser& arguments)
{
    auto recording = loadRecording(arguments.value(QStringLiteral("recording")).toStdString());
    if (!recording)
        return fail(QString::fromStdString(recording.error().text()));
    FakeMessagesApi api(arguments.value(QStringLiteral("port")).toInt());
    api.serveRecording(*std::move(recording));
    api.requireKey(arguments.value(QStringLiteral("key")).toStdString());
    for (const auto& text : arguments.values(QStringLiteral("fault"))) {
        auto fault = parseFault(text);
        if (!fault)
            return fail(QStringLiteral("--fault takes stall:N, cut:N, slow:N, 429:N or 529:N, not %1").arg(text));
        api.spoil(fault->request, std::move(fault->how));
    }
    std::printf("%s\n", api.baseUrl().c_str());
    std::fflush(stdout);
    std::array<char, 256> ignored{};
    while (::read(STDIN_FILENO, ignored.data(), ignored.size()) > 0) { } // until whoever started us closes it
    return 0;
}

} // namespace

/// Plays a recording as a Messages API on 127.0.0.1, for programs of their own.
int main(int argc, char* argv[])
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addOptions({{QStringLiteral("recording"), QStringLiteral("Replies to give, in their order."), QStringLiteral("file")},
                       {QStringLiteral("key"), QStringLiteral("Refuse requests without this key."), QStringLiteral("key")},
                       {QStringLiteral("fault"), QStringLiteral("Spoil the N-th reply, once."), QStringLiteral("kind:N")},
                       {QStringLiteral("port"), QStringLiteral("Listen there; 0: any free port."), QStringLiteral("port"), QStringLiteral("0")}});
    parser.process(application);
    try {
        return serve(parser);
    } catch (const std::exception& failed) {
        return fail(QString::fromUtf8(failed.what()));
    }
}
