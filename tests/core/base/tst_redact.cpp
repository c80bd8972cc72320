#include <algorithm>
#include <ctime>
#include <random>

#include <QTest>
#include <QUrl>

#include "core/base/json.h"
#include "core/base/redact.h"

using namespace aap;
using namespace std::string_literals;

namespace {

/// Reproducible characters: the same keys at every run.
class Dice {
public:
    std::string text(std::size_t length, std::string_view alphabet)
    {
        std::string made;
        for (std::size_t i = 0; i < length; ++i)
            made += alphabet[m_engine() % alphabet.size()];
        return made;
    }
    std::size_t upTo(std::size_t bound) { return m_engine() % bound; }

private:
    std::mt19937 m_engine{20260914};
};

constexpr std::string_view kBase62 = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kPrintable = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

std::string base64(const std::string& text)
{
    return QByteArray::fromStdString(text).toBase64().toStdString();
}

std::string urlEscaped(const std::string& text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
}

std::string inJson(const std::string& text)
{
    return Json{{"message", text}}.dump();
}

double cpuSeconds()
{
    timespec at{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return double(at.tv_sec) + double(at.tv_nsec) / 1e9;
}

} // namespace

class RedactTest : public QObject {
    Q_OBJECT

private slots:
    void keysAreKnownByTheirShape_data();
    void keysAreKnownByTheirShape();
    void ordinaryTextStays_data();
    void ordinaryTextStays();
    void theTailOfALongKeyStays();
    void aThousandPlantedSecretsVanishInFiveShapes();
    void aThousandUnknownKeysVanishInFourShapes();
    void keysCutIntoPiecesVanishToo();
    void aStreamLosesNothingAndHoldsBackOnlyWords();
    void redactingTwiceChangesNothing();
    void hashesAndIdentifiersAreNoSecrets();
    void hitsSayLineAndKind();
    void aMegabyteTakesMilliseconds_data();
    void aMegabyteTakesMilliseconds();
};

void RedactTest::keysAreKnownByTheirShape_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("around");
    const auto row = [](const char* name, const std::string& secret, const char* around) {
        QTest::newRow(name) << QByteArray::fromStdString(secret) << QByteArray(around);
    };
    Dice dice;
    const auto random = [&](std::size_t n) { return dice.text(n, kBase62); };
    row("Anthropic", "sk-ant-api03-" + random(40), "key %1 end");
    row("Anthropic after an escaped newline", "sk-ant-api03-" + random(40), "{\"log\": \"line\\n%1\"}");
    row("Anthropic in a query", "sk-ant-api03-" + random(40), "?key%3D%1&x=1");
    row("Anthropic without any border", "sk-ant-api03-" + random(40), "abc%1");
    row("OpenAI", "sk-" + random(47) + "9", "'%1'");
    row("OpenAI project", "sk-proj-" + random(60) + "_9", "'%1'");
    row("GitHub", "ghp_" + random(36), "token=%1");
    row("GitHub fine-grained", "github_pat_" + random(22) + "_" + random(59), "%1");
    row("GitLab", "glpat-" + random(20), "(%1)");
    row("AWS", "AKIA" + dice.text(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), "id: %1,");
    row("Google", "AIza" + random(35), "<%1>");
    row("Slack", "xoxb-123456789012-" + random(24), "%1");
    row("Stripe", "sk_live_" + random(24), "%1");
    row("npm", "npm_" + random(36), "//registry.example/:_authToken=%1");
    row("JSON web token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0." + random(43), "cookie: %1;");
    row("private key", "-----BEGIN RSA PRIVATE KEY-----\n" + random(64) + "\n" + random(64) + "\n-----END RSA PRIVATE KEY-----", "a\n%1\nb");
    row("private key in JSON", "-----BEGIN PRIVATE KEY-----\\n" + random(64) + "\\n" + random(64) + "\\n-----END PRIVATE KEY-----", "\"%1\"");
    row("private key cut off", "-----BEGIN OPENSSH PRIVATE KEY-----\n" + random(64) + "\n" + random(20), "a\n%1");
    row("password in a URL", "hunter2!", "clone https://me:%1@git.example/x.git");
    row("token as user of a URL", "a7f" + random(20) + "42", "clone https://%1@git.example/x.git");
    row("bearer", "tok_" + random(24) + "1", "Authorization: Bearer %1");
    row("basic", base64("user:" + random(12)), "authorization: Basic %1");
    row("header", random(30) + "12", "x-api-key: %1");
    row("assignment", random(30) + "12", "API_KEY=%1");
    row("assignment in JSON", random(30) + "12", "{\"client_secret\": \"%1\"}");
    row("assignment with hardly a digit", "jpIZGbPZGJPFsFuIpKECjWJVymvvTrswvStJ1O", "DB_PASSWORD=%1");
    row("assignment in JSON in JSON", random(30) + "12", "{\\\"password\\\": \\\"%1\\\"}");
    row("assignment in Python", random(30) + "12", "settings['SECRET_KEY'] = '%1'");
}

void RedactTest::keysAreKnownByTheirShape()
{
    QFETCH(const QByteArray, secret);
    QFETCH(QByteArray, around);
    const auto text = around.replace("%1", secret).toStdString();
    const auto clean = Redactor()(text);
    QVERIFY2(clean.find(secret.toStdString()) == clean.npos, clean.c_str());
    QVERIFY2(clean.find("[secret") != clean.npos, clean.c_str());
    QCOMPARE(findSecrets(text).size(), 1U);
}

void RedactTest::ordinaryTextStays_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* text) { QTest::newRow(text) << QByteArray(text); };
    row("ANTHROPIC_API_KEY=your-key-here-0123456789abcdef");
    row("api_key = \"${ANTHROPIC_API_KEY}\"");
    row("password: changeme-1a2b3c4d5e6f7a8b");
    row("sk-ant-…");
    row("sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxx");
    row("AKIAIOSFODNN7EXAMPLE");
    row("class=\"sk-fading-circle sk-child-animation-container\"");
    row("the bearer of this authentication message");
    row("Bearer authentication is required");
    row("\"max_tokens\": 64000, \"input_tokens\": 12345678901234567890");
    row("token = self.tokens.next_token_of_kind(expected_kind_2)");
    row("password = request.json[\"password\"]");
    row("password_hash = \"5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8\"");
    row("postgres://postgres:postgres@localhost/db");
    row("postgres://user:${PASSWORD}@db/name");
    row("https://example.org:8080/path@v1");
    row("assert \"-----BEGIN PRIVATE KEY-----\" not in text");
    row("std::string token::value == other");
    row("TEST_PASSWORD = \"correctHorseBattery2024\"");
    row("token = readSessionTokenOfUserByNameOrCreateOneWithDefaultLifetime()");
    row("JWT_SECRET=my-jwt-secret-2024");
    row("task-ant-hill risk-and-reward desk-proj-plan");
    row("\"session_token\": \"550e8400-e29b-41d4-a716-446655440000\"");
    row("basic authentication, basic understanding");
}

void RedactTest::ordinaryTextStays()
{
    QFETCH(const QByteArray, text);
    QCOMPARE(Redactor({"another secret"})(text.toStdString()), text.toStdString());
    QCOMPARE(findSecrets(text.toStdString()).size(), 0U);
}

void RedactTest::theTailOfALongKeyStays()
{
    const Redactor redact({"0123456789abcdef-c4fA", "shortone", "tiny"});
    QCOMPARE(redact("a 0123456789abcdef-c4fA b"), "a [secret …c4fA] b"s);
    QCOMPARE(redact("a shortone b"), "a [secret] b"s);
    QCOMPARE(redact("a tiny b"), "a tiny b"s);
    QCOMPARE(redact("shortoneshortone"), "[secret][secret]"s);
    QCOMPARE(Redactor()("nothing known, nothing found"), "nothing known, nothing found"s);
}

void RedactTest::aThousandPlantedSecretsVanishInFiveShapes()
{
    Dice dice;
    std::vector<std::string> secrets;
    for (int i = 0; i < 1000; ++i)
        secrets.push_back(dice.text(8 + dice.upTo(60), i % 2 == 0 ? kPrintable : kBase62));
    const Redactor redact(secrets);
    int visible = 0;
    for (const auto& secret : secrets) {
        const auto padding = dice.text(dice.upTo(9), kBase62);
        const std::string shapes[] = {secret, base64(secret), urlEscaped(secret), inJson(secret), inJson(inJson(secret))};
        for (const auto& shape : shapes) {
            const auto clean = redact("before " + shape + " after");
            visible += clean.find(secret) != clean.npos || clean.find("[secret") == clean.npos;
        }
        const auto inside = redact("Basic " + base64(padding + secret + padding));
        visible += inside.find(base64(padding + secret + padding)) != inside.npos;
    }
    QCOMPARE(visible, 0);
}

void RedactTest::aThousandUnknownKeysVanishInFourShapes()
{
    Dice dice;
    int visible = 0;
    for (int i = 0; i < 1000; ++i) {
        const auto key = "sk-ant-api03-" + dice.text(90, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
        for (const auto& shape : {key, urlEscaped("a=" + key), inJson("\n" + key), inJson(inJson("\t" + key))})
            visible += Redactor()(shape).find(key.substr(0, 24)) != std::string::npos;
    }
    QCOMPARE(visible, 0);
}

void RedactTest::keysCutIntoPiecesVanishToo()
{
    Dice dice;
    int visible = 0;
    for (int i = 0; i < 400; ++i) {
        const auto known = dice.text(12 + dice.upTo(40), kPrintable);
        const auto unknown = "sk-ant-api03-" + dice.text(60, kBase62);
        const auto named = dice.text(30, kBase62) + "12";
        const auto text = "He said " + known + " and then\n" + unknown + " and API_KEY = \"" + named + "\" was it.";
        StreamRedactor stream(Redactor({known}));
        std::string shown;
        for (std::size_t at = 0; at < text.size();) {
            const auto length = 1 + dice.upTo(9);
            shown += stream.feed(std::string_view(text).substr(at, length));
            at += length;
        }
        shown += stream.finish();
        for (const auto& secret : {known, unknown, named})
            visible += shown.find(secret) != shown.npos;
        QVERIFY(shown.starts_with("He said "));
        QVERIFY(shown.ends_with("was it."));
    }
    QCOMPARE(visible, 0);
}

void RedactTest::aStreamLosesNothingAndHoldsBackOnlyWords()
{
    StreamRedactor stream(Redactor({"a known secret"}));
    QCOMPARE(stream.feed("Two words, "), "Two words, "s);
    QCOMPARE(stream.feed("hal"), ""s);
    QCOMPARE(stream.feed("ves and a kno"), "halves and "s);
    QCOMPARE(stream.feed("wn face"), "a known "s);
    QCOMPARE(stream.finish(), "face"s);
    const std::string longWord(100'000, 'x');
    auto shown = stream.feed(longWord);
    QVERIFY(!shown.empty()); // not held back for ever
    QCOMPARE(shown + stream.finish(), longWord);
}

void RedactTest::redactingTwiceChangesNothing()
{
    const Redactor redact({"0123456789abcdef-c4fA"});
    const auto once = redact("Bearer 0123456789abcdef-c4fA, API_KEY=0123456789abcdef-c4fA, https://u:0123456789abcdef-c4fA@h/");
    QCOMPARE(once, "Bearer [secret …c4fA], API_KEY=[secret …c4fA], https://u:[secret …c4fA]@h/"s);
    QCOMPARE(redact(once), once);
}

void RedactTest::hashesAndIdentifiersAreNoSecrets()
{
    Dice dice;
    std::string text;
    for (int i = 0; i < 10'000; ++i) {
        const auto uuid = dice.text(8, kHex) + "-" + dice.text(4, kHex) + "-4" + dice.text(3, kHex) + "-a" + dice.text(3, kHex) + "-" + dice.text(12, kHex);
        text += "commit " + dice.text(40, kHex) + "\n";
        text += "\"id\": \"" + uuid + "\", session_token: " + uuid + "\n";
        text += "image: app@sha256:" + dice.text(64, kHex) + "\n";
        text += "      \"integrity\": \"sha512-" + base64(dice.text(64, kPrintable)) + "\",\n";
        text += "pkg==1.2.3 --hash=sha256:" + dice.text(64, kHex) + "\n";
        text += "h1:" + base64(dice.text(32, kPrintable)) + "\n";
        text += "etag=\"" + dice.text(32, kHex) + "\" checksum = " + dice.text(64, kHex) + "\n";
    }
    QCOMPARE(findSecrets(text).size(), 0U);
    QCOMPARE(Redactor({"some other secret"})(text), text);
}

void RedactTest::hitsSayLineAndKind()
{
    const auto hits = findSecrets("first\nkey: sk-ant-api03-a1b2c3d4e5f6g7h8\n\n# AKIA2345ABCDEFGHIJKL\n");
    QCOMPARE(hits.size(), 2U);
    QCOMPARE(hits[0].line, 2U);
    QCOMPARE(hits[0].kind, "Anthropic API key"s);
    QCOMPARE(hits[1].line, 4U);
    QCOMPARE(hits[1].kind, "AWS access key"s);
}

void RedactTest::aMegabyteTakesMilliseconds_data()
{
    QTest::addColumn<QByteArray>("piece");
    for (const char* piece : {"The quick brown fox jumps over the lazy dog, line 42.\n", "{\"token\": \"abc\", \"url\": \"https://a.example/b\"},", "password=",
                              "sk-ant-your-", "eyJhbGciOiJIUzI1NiJ9.", "-----BEGIN PRIVATE KEY-----", "https://a:", "====", "bearer "})
        QTest::newRow(piece) << QByteArray(piece);
}

void RedactTest::aMegabyteTakesMilliseconds()
{
    QFETCH(const QByteArray, piece);
    std::string text;
    while (text.size() < (1U << 20U))
        text += piece.toStdString();
    Dice dice;
    const Redactor redact({dice.text(100, kBase62), dice.text(40, kPrintable)});
    double best = 1e9;
    for (int round = 0; round < 3; ++round) {
        const auto begin = cpuSeconds();
        QVERIFY(!redact(text).empty());
        best = std::min(best, cpuSeconds() - begin);
    }
    qInfo("%.1f ms", best * 1000);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QVERIFY(best < 2.0); // instrumented code: still linear
#else
    QVERIFY(best < 0.05);
#endif
}

QTEST_GUILESS_MAIN(RedactTest)
#include "tst_redact.moc"
