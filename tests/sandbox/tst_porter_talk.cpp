#include <QTest>

#include "sandbox/porter/porter_talk.h"
#include "sandbox/porter/words.h"

using namespace std::chrono_literals;

namespace aap {

/// What the porter's bytes mean, and which of them it cannot have meant.
class PorterTalkTest : public QObject {
    Q_OBJECT

private slots:
    void wordsOfThePorter_data();
    void wordsOfThePorter();
    void theCutsDoNotMatter();
    void pulsesAreCounted();
    void whatItCarries_data();
    void whatItCarries();
    void theRequestHoldsEveryText();

private:
    static std::string frame(char type, const std::string& payload = {}, std::uint32_t number = 7)
    {
        std::string bytes(porter::kHeaderBytes, type);
        porter::putNumber(bytes.data() + 1, number);
        porter::putNumber(bytes.data() + 5, std::uint32_t(payload.size()));
        return bytes + payload;
    }
    static std::string end(int how = 0, int left = 0, std::uint32_t code = 3)
    {
        std::string payload(porter::kEndBytes, '\0');
        payload[0] = char(how);
        payload[1] = char(left);
        porter::putNumber(payload.data() + 2, code);
        porter::putNumber(payload.data() + 6, std::uint64_t(1500));
        porter::putNumber(payload.data() + 14, std::uint64_t(2048));
        return frame(porter::kEnded, payload);
    }
    /// "out|err|3" for an end, "refused", "open" while nothing is decided, or the error.
    static std::string heard(const std::string& bytes, std::size_t piece = 1U << 20U, Milliseconds elapsed = 0ms)
    {
        PorterTalk talk(7);
        std::string out;
        std::string err;
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            const auto fed = talk.feed(std::string_view(bytes).substr(at, piece), elapsed, [&](ExecStream::Source source, std::string_view text) {
                (source == ExecStream::Source::Output ? out : err) += text;
            });
            if (!fed)
                return fed.error().text();
        }
        if (talk.wasRefused())
            return "refused";
        if (!talk.end())
            return talk.hasBegun() ? "begun" : "open";
        return out + "|" + err + "|" + std::to_string(talk.end()->exitCode) + (talk.end()->leavesSomething ? " left" : "");
    }
};

void PorterTalkTest::wordsOfThePorter_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("meaning");
    const auto row = [](const char* name, const std::string& bytes, const char* meaning) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << QByteArray(meaning);
    };
    const auto begun = frame(porter::kBegun);
    row("nothing yet", "", "open");
    row("half a header", begun.substr(0, 5), "open");
    row("begun", begun, "begun");
    row("refused", frame(porter::kRefused), "refused");
    row("a whole command", begun + frame(porter::kOutput, "out") + frame(porter::kError, "err") + frame(porter::kPulse) + end(), "out|err|3");
    row("with something left", begun + end(2, 1, 137), "||137 left");
    row("the longest output", begun + frame(porter::kOutput, std::string(porter::kMostOutputBytes, 'x')).substr(0, 40), "begun");
    const auto noFrame = "the sandbox's porter sent a frame that there is not";
    row("the engine's own words", "OCI runtime exec failed: no such file", noFrame);
    row("an unknown type", begun + frame('z'), noFrame);
    row("too long an output", begun + frame(porter::kOutput, std::string(porter::kMostOutputBytes + 1, 'x')), noFrame);
    row("an output of 4 GiB", begun + std::string("o\0\0\0\7\xff\xff\xff\xff", 9), noFrame);
    row("an output of nothing", begun + frame(porter::kOutput), noFrame);
    row("a pulse with something in it", begun + frame(porter::kPulse, "x"), noFrame);
    row("a short end", begun + frame(porter::kEnded, "x"), noFrame);
    row("what only we say", frame(porter::kRun), noFrame);
    const auto other = "the sandbox's porter sent a frame of another command";
    row("the last command's end", frame(porter::kBegun, {}, 6), other);
    row("a number from nowhere", begun + frame(porter::kOutput, "x", 0xffffffffU), other);
    const auto order = "the sandbox's porter sent a frame out of order";
    row("an output before it began", frame(porter::kOutput, "x"), order);
    row("an end before it began", end(), order);
    row("begun twice", begun + begun, order);
    row("refused after it began", begun + frame(porter::kRefused), order);
    const auto after = "the sandbox's porter sent something after its last word";
    row("words after the end", begun + end() + frame(porter::kPulse), after);
    row("a byte after the end", begun + end() + "x", after);
    row("words after the refusal", frame(porter::kRefused) + begun, after);
    const auto noEnd = "the sandbox's porter sent an end that there is not";
    row("an unknown way to end", begun + end(3), noEnd);
    row("something left, perhaps", begun + end(0, 2), noEnd);
    row("a code too big", begun + end(0, 0, 256), noEnd);
    row("a negative code", begun + end(0, 0, 0xffffffffU), noEnd);
}

void PorterTalkTest::wordsOfThePorter()
{
    QFETCH(const QByteArray, bytes);
    QTEST(QByteArray::fromStdString(heard(bytes.toStdString())), "meaning");
    QCOMPARE(heard(bytes.toStdString(), 1), heard(bytes.toStdString()));
}

void PorterTalkTest::theCutsDoNotMatter()
{
    const auto bytes = frame(porter::kBegun) + frame(porter::kOutput, std::string(5000, 'o')) + frame(porter::kError, std::string("\0e\xff", 3)) + end();
    const auto whole = heard(bytes);
    for (std::size_t piece = 1; piece < bytes.size(); piece += 1 + piece / 7)
        QCOMPARE(heard(bytes, piece), whole);
}

void PorterTalkTest::pulsesAreCounted()
{
    auto bytes = frame(porter::kBegun);
    for (int i = 0; i < 100; ++i)
        bytes += frame(porter::kPulse);
    QCOMPARE(heard(bytes, bytes.size(), 50s), std::string("begun"));
    QCOMPARE(heard(bytes, bytes.size(), 1s), std::string("the sandbox's porter sent too many signs of life"));
}

void PorterTalkTest::whatItCarries_data()
{
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<bool>("carried");
    QTest::newRow("an ordinary word") << QByteArray("it's \"x\" \xff\n") << QByteArray() << true;
    QTest::newRow("an empty word") << QByteArray("") << QByteArray() << true;
    QTest::newRow("a long word") << QByteArray(400'000, 'x') << QByteArray() << true;
    QTest::newRow("too long a word") << QByteArray(5'000'000, 'x') << QByteArray() << false;
    QTest::newRow("a word with a NUL") << QByteArray("a\0b", 3) << QByteArray() << false;
    QTest::newRow("input") << QByteArray("x") << QByteArray("y\0z", 3) << true;
    QTest::newRow("too long an input") << QByteArray("x") << QByteArray(5'000'000, 'y') << false;
}

void PorterTalkTest::whatItCarries()
{
    QFETCH(const QByteArray, word);
    QFETCH(const QByteArray, input);
    const Command command{.argv = {"echo", word.toStdString()}, .input = input.toStdString()};
    QTEST(PorterTalk::carries(command), "carried");
}

void PorterTalkTest::theRequestHoldsEveryText()
{
    const Command command{.argv = {"printf", "%s", ""}, .workdir = "/w", .environment = {{"A", "1"}, {"B", ""}}, .input = "in\n", .timeout = 2500ms};
    const auto texts = std::string("/w\0A=1\0B=\0printf\0%s\0\0in\n", 24);
    const auto payload = std::string("\0\0\x09\xc4\0\0\0\2\0\0\0\3", 12) + texts;
    QCOMPARE(PorterTalk(7).request(command), frame(porter::kRun, payload));
    QCOMPARE(PorterTalk(7).killing(), frame(porter::kKill));
}

} // namespace aap

QTEST_GUILESS_MAIN(aap::PorterTalkTest)
#include "tst_porter_talk.moc"
