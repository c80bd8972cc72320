#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/cli/setup_commands.h"
#include "app/composition.h"
#include "core/base/files.h"
#include "core/config/config_template.h"
#include "core/observe/logging.h"
#include "tests/sandbox/fake_engine.h"
#include "tests/support/fake_messages_api.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

const std::string kKey = "sk-ant-api03-0123456789abcdefghijWXYZ";
const std::string kInfo = R"({"ServerVersion":"20.10.24","DockerRootDir":"/","SecurityOptions":["name=seccomp"],"Size":1000000})";

/// Takes what is written to a stream while it lives.
class Captured {
public:
    explicit Captured(std::ostream& stream) : m_stream(stream), m_before(stream.rdbuf(m_text.rdbuf())) {}
    ~Captured() { m_stream.rdbuf(m_before); }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;
    std::string text() const { return m_text.str(); }

private:
    std::ostringstream m_text;
    std::ostream& m_stream;
    std::streambuf* m_before;
};

/// A program with a home, a provider and an engine of its own.
struct House {
    QTemporaryDir folder{};
    FakeMessagesApi api{};
    FakeEngine engine;
    std::unique_ptr<Composition> composition{};

    explicit House(std::vector<FakeEngine::Answer> script) : engine(std::move(script))
    {
        api.requireKey(kKey);
        const auto home = folder.path().toStdString();
        auto made = Composition::make({.environment = {{"HOME", home},
                                                       {"ANTHROPIC_API_KEY", kKey},
                                                       {"ANTHROPIC_BASE_URL", api.baseUrl()},
                                                       {"DOCKER_HOST", engine.endpoint().text()},
                                                       {"WORKSPACE_PATH", home + "/workspace"},
                                                       {"DEFAULT_OUTPUT_DIR", home + "/output"}},
                                       .workingFolder = home,
                                       .asksKeychain = false});
        if (!made)
            qFatal("%s", made.error().text().c_str());
        composition = *std::move(made);
    }
    ~House() { stopLogging(); }
};

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

std::vector<FakeEngine::Answer> answers(const std::string& status, const std::string& body)
{
    return std::vector<FakeEngine::Answer>(8, {.bytes = httpAnswer(status, body)}); // checks ask at the same time
}

} // namespace

/// What sets the program up tells people what it did and what comes next.
class SetupCommandsTest : public QObject {
    Q_OBJECT

private slots:
    void initWritesWhatReadsBack();
    void initNeverReplacesUnasked();
    void initSaysWhyItCannotWrite();
    void doctorApproves();
    void doctorNamesWhatIsMissing();
    void doctorSpeaksJson();
    void doctorCanBeStopped();
};

void SetupCommandsTest::initWritesWhatReadsBack()
{
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "mine.json";
    const Captured out(std::cout);
    QCOMPARE(initCommand({.output = file.string()}), 0);
    QCOMPARE(*readFile(file), initTemplate());
    QCOMPARE(int(fs::status(file).permissions()), 0600);
    QVERIFY(loadConfig({.file = file}));
    QVERIFY(holds(out.text(), "agent-pipeline doctor --config " + file.string()));
}

void SetupCommandsTest::initNeverReplacesUnasked()
{
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "config.json";
    std::ofstream(file) << "precious";
    const Captured out(std::cout);
    const Captured err(std::cerr);
    QCOMPARE(initCommand({.output = file.string()}), 2);
    QVERIFY(holds(err.text(), "--force"));
    QCOMPARE(readFile(file)->c_str(), "precious");
    QCOMPARE(initCommand({.output = file.string(), .force = true}), 0);
    QCOMPARE(*readFile(file), initTemplate());
    QCOMPARE(int(fs::status(file).permissions()), 0600);
}

void SetupCommandsTest::initSaysWhyItCannotWrite()
{
    const QTemporaryDir folder;
    const fs::path file = fs::path(folder.path().toStdString()) / "file";
    std::ofstream(file) << "not a folder";
    const Captured err(std::cerr);
    QCOMPARE(initCommand({.output = (file / "config.json").string(), .force = true}), 5);
    QVERIFY(!err.text().empty());
}

void SetupCommandsTest::doctorApproves()
{
    const House house(answers("200 OK", kInfo));
    const Captured out(std::cout);
    QCOMPARE(doctorCommand({}, *house.composition, {}), 0);
    QVERIFY2(holds(out.text(), "✔ Docker engine  20.10.24, API 1.41"), out.text().c_str());
    QVERIFY(holds(out.text(), "✔ API key        …WXYZ"));
    QVERIFY(!holds(out.text(), kKey));
    QVERIFY(!holds(out.text(), "✖"));
}

void SetupCommandsTest::doctorNamesWhatIsMissing()
{
    const House house(answers("404 Not Found", R"({"message":"nothing here"})"));
    const Captured out(std::cout);
    QCOMPARE(doctorCommand({}, *house.composition, {}), 5);
    QVERIFY2(holds(out.text(), "✖ Sandbox image"), out.text().c_str());
    QVERIFY(holds(out.text(), "\n                 $ agent-pipeline sandbox build\n"));
    QVERIFY(holds(out.text(), "2 things stand in the way of a run."));
}

void SetupCommandsTest::doctorSpeaksJson()
{
    const House house(answers("200 OK", kInfo));
    const Captured out(std::cout);
    QCOMPARE(doctorCommand({.json = true}, *house.composition, {}), 0);
    const auto json = Json::parse(out.text(), nullptr, false);
    QVERIFY(json.is_object());
    QCOMPARE(json["findings"][0]["id"].get<std::string>().c_str(), "key");
    QCOMPARE(json["settings"]["anthropic_api_key"]["value"].get<std::string>().c_str(), "…WXYZ");
    QVERIFY(!holds(out.text(), kKey));
}

void SetupCommandsTest::doctorCanBeStopped()
{
    const House house(std::vector<FakeEngine::Answer>(4, {.bytes = {}, .staysOpen = true}));
    std::stop_source stop;
    stop.request_stop();
    const Captured out(std::cout);
    QCOMPARE(doctorCommand({}, *house.composition, stop.get_token()), 130);
    QVERIFY(out.text().empty());
}

QTEST_GUILESS_MAIN(SetupCommandsTest)
#include "tst_setup_commands.moc"
