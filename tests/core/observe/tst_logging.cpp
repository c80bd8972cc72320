#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/observe/logging.h"

using namespace aap;

namespace {

constexpr auto kLevels = {spdlog::level::trace, spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err, spdlog::level::critical};

std::vector<Json> linesOf(const std::string& text)
{
    std::vector<Json> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = text.find('\n', at);
        lines.push_back(Json::parse(text.substr(at, end - at)));
        at = end + 1;
    }
    return lines;
}

/// A key's varying part: `length` letters and digits that differ for every seed.
std::string body(int seed, std::size_t length)
{
    const auto hash = sha256(std::to_string(seed)) + sha256("x" + std::to_string(seed));
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
        text += i % 3 == 0 ? char(std::toupper(hash[i % hash.size()])) : hash[i % hash.size()];
    return text;
}

} // namespace

/// What is logged arrives as JSON, once, readable for its owner only, and without a secret.
class LoggingTest : public QObject {
    Q_OBJECT

private slots:
    void cleanup() { stopLogging(); }
    void aLineIsAnEventWithItsFacts();
    void theLevelDecides_data();
    void theLevelDecides();
    void noSecretArrives_data();
    void noSecretArrives();
    void hashesAndIdsStay();
    void messagesOfQtAreTakenIn();
    void hostileTextStaysOneShortLine();
    void fileAndFolderAreTheOwners();
    void anImpossibleFileIsAnError();
    void nothingIsWrittenBeforeTheStartAndAfterTheEnd();

private:
    std::filesystem::path file() const { return std::filesystem::path(m_folder.path().toStdString()) / QTest::currentTestFunction() / "app.log"; }
    std::string content() const { return readFile(file()).value_or(""); }
    bool start(const std::string& level, const Redactor& redact = {}) const
    {
        std::filesystem::remove_all(file().parent_path()); // rows of a table share a file
        return bool(startLogging({.file = file(), .level = level}, redact));
    }

    QTemporaryDir m_folder;
};

void LoggingTest::aLineIsAnEventWithItsFacts()
{
    QVERIFY(start("info"));
    log("engine")->info("stage.finished run={} stage={} turns={}", "r-1", "coding", 12);
    log("docker")->warn("two\nlines and \"quotes\"");
    const auto lines = linesOf(content());
    QCOMPARE(lines.size(), 2U);
    QCOMPARE(lines[0].at("message").get<std::string>(), std::string("stage.finished run=r-1 stage=coding turns=12"));
    QCOMPARE(lines[0].at("area").get<std::string>(), std::string("engine"));
    QCOMPARE(lines[0].at("level").get<std::string>(), std::string("info"));
    QCOMPARE(lines[0].at("at").get<std::string>().size(), std::string("2026-11-24T12:03:10.123Z").size());
    QCOMPARE(lines[1].at("message").get<std::string>(), std::string("two\nlines and \"quotes\""));
}

void LoggingTest::theLevelDecides_data()
{
    QTest::addColumn<QByteArray>("level");
    QTest::addColumn<int>("lines");
    int lines = 6;
    for (const auto* level : {"trace", "debug", "info", "warn", "error"})
        QTest::newRow(level) << QByteArray(level) << lines--;
    QTest::newRow("off") << QByteArray("off") << 0;
}

void LoggingTest::theLevelDecides()
{
    QFETCH(const QByteArray, level);
    QVERIFY(start(level.toStdString()));
    for (const auto each : kLevels)
        log("engine")->log(each, "event");
    QTEST(int(linesOf(content()).size()), "lines");
}

void LoggingTest::noSecretArrives_data()
{
    QTest::addColumn<QByteArray>("shape");
    QTest::newRow("Anthropic") << QByteArray("sk-ant-api03-{}");
    QTest::newRow("GitHub") << QByteArray("ghp_{}");
    QTest::newRow("Amazon") << QByteArray("AKIA{}");
    QTest::newRow("password in a URL") << QByteArray("https://me:{}@git.example/team/repo.git");
    QTest::newRow("configured, of no known shape") << QByteArray("{}");
}

void LoggingTest::noSecretArrives()
{
    QFETCH(const QByteArray, shape);
    const bool isConfigured = shape == "{}";
    std::vector<std::string> secrets;
    for (int seed = 0; seed < 200; ++seed) {
        auto text = body(seed, shape.startsWith("AKIA") ? 16 : 36);
        if (shape.startsWith("AKIA"))
            std::ranges::transform(text, text.begin(), [](unsigned char c) { return char(std::toupper(c)); });
        secrets.push_back(std::move(text));
    }
    QVERIFY(start("trace", isConfigured ? Redactor(secrets) : Redactor()));
    for (const auto& secret : secrets)
        for (const auto level : kLevels) {
            const auto key = fmt::format(fmt::runtime(shape.toStdString()), secret);
            log("llm")->log(level, "request.refused key={} status=401", key);
            log("llm")->log(level, "{}", Json{{"headers", {{"x-api-key", key}}}}.dump());
        }
    qWarning("header %s", fmt::format(fmt::runtime(shape.toStdString()), secrets.front()).c_str());
    const auto text = content();
    QCOMPARE(linesOf(text).size(), secrets.size() * kLevels.size() * 2 + 1);
    for (const auto& secret : secrets)
        QVERIFY2(text.find(secret) == std::string::npos, secret.c_str());
}

void LoggingTest::hashesAndIdsStay()
{
    QVERIFY(start("info"));
    int lost = 0;
    std::vector<std::string> ids;
    for (int i = 0; i < 1000; ++i) {
        ids.push_back(sha256(std::to_string(i)).substr(0, i % 2 == 0 ? 40 : 64));
        ids.push_back(QUuid::createUuidV5(QUuid(), QByteArray::number(i)).toString(QUuid::WithoutBraces).toStdString());
    }
    for (const auto& id : ids)
        log("store")->info("snapshot commit={}", id);
    const auto text = content();
    for (const auto& id : ids)
        lost += text.find(id) == std::string::npos;
    QVERIFY2(lost <= 100, "at most 5 % are taken for secrets");
}

void LoggingTest::messagesOfQtAreTakenIn()
{
    QVERIFY(start("info"));
    qWarning("a widget complains");
    qDebug("too quiet");
    const auto lines = linesOf(content());
    QCOMPARE(lines.size(), 1U);
    QCOMPARE(lines[0].at("area").get<std::string>(), std::string("qt"));
    QVERIFY(lines[0].at("message").get<std::string>().find("a widget complains") != std::string::npos);
}

void LoggingTest::hostileTextStaysOneShortLine()
{
    QVERIFY(start("info"));
    log("docker")->info("{}", std::string(50'000'000, 'x'));
    log("docker")->info("{}", "bad UTF-8 \xff\xfe, NUL " + std::string(1, '\0') + ", escape \x1b[31m");
    const auto text = content();
    QVERIFY(text.size() < 40'000);
    QCOMPARE(linesOf(text).size(), 2U);
    QVERIFY(text.find('\x1b') == std::string::npos);
}

void LoggingTest::fileAndFolderAreTheOwners()
{
    const auto before = ::umask(0);
    const bool started = start("info");
    ::umask(before);
    QVERIFY(started);
    log("engine")->info("event");
    struct stat status {};
    QCOMPARE(::stat(file().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QCOMPARE(::stat(file().parent_path().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0700U);
}

void LoggingTest::anImpossibleFileIsAnError()
{
    for (const auto* path : {"/proc/nowhere/app.log", "/dev/full", "/"}) {
        const auto started = startLogging({.file = path}, {});
        QVERIFY2(!started, path);
        QVERIFY(!started.error().remedy.empty());
    }
}

void LoggingTest::nothingIsWrittenBeforeTheStartAndAfterTheEnd()
{
    log("engine")->critical("too early");
    QVERIFY(start("info"));
    const auto kept = log("engine");
    kept->info("event");
    stopLogging();
    log("engine")->critical("too late");
    QCOMPARE(linesOf(content()).size(), 1U);
}

QTEST_GUILESS_MAIN(LoggingTest)
#include "tst_logging.moc"
