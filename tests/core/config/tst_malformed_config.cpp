#include <QTest>

#include "core/config/settings.h"
#include "tests/core/config/config_home.h"

using namespace aap;

namespace {

QByteArray manyMembers()
{
    QByteArray members = "\"_\": 0";
    for (int i = 0; i < 2000; ++i)
        members += ", \"_" + QByteArray::number(i) + "\": 0";
    return members;
}

} // namespace

/// Whatever is wrong with a configuration is said with its place, and nothing wrong is taken for something else.
class MalformedConfigTest : public QObject {
    Q_OBJECT

private slots:
    void filesAreRefusedWithTheReason_data();
    void filesAreRefusedWithTheReason();
    void everyKeyRefusesWhatItIsNot_data();
    void everyKeyRefusesWhatItIsNot();
    void variablesAndFlagsAreRefusedByName_data();
    void variablesAndFlagsAreRefusedByName();
    void secretsAreNeverShownInComplaints();
};

void MalformedConfigTest::filesAreRefusedWithTheReason_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const QByteArray& text, const QByteArray& says) { QTest::newRow(name) << text << says; };
    row("empty", "", "line 1, column 1: it is empty");
    row("white space", " \n\n", "it is empty");
    row("half a document", "{", "line 1");
    row("two documents", "{} {}", "line 1, column 4");
    row("a list", "[]", "the document must be an object, not a list");
    row("a text", "\"x\"", "the document must be an object");
    row("a number", "7", "the document must be an object");
    row("null", "null", "the document must be an object");
    row("comma at the end", "{\n\"max_iterations\": 20,\n}", "line 3, column 1");
    row("a comment", "{ // turns\n}", "line 1, column 3");
    row("single quotes", "{'max_iterations': 20}", "line 1, column 2");
    row("byte order mark", "\xef\xbb\xbf{}", "byte order mark");
    row("UTF-16", QByteArray("\xff\xfe{\0}\0", 6), "UTF-16");
    row("not UTF-8", "{\"docker_image\": \"\xff\"}", "line 1");
    row("a lone surrogate", R"({"docker_image": "\ud800"})", "line 1");
    row("infinite", R"({"coverage_threshold": 1e9999})", "line 1");
    row("NaN", R"({"coverage_threshold": NaN})", "line 1");
    row("deep", QByteArray(100'000, '['), "64 levels");
    row("wide", "{" + manyMembers() + "}", "1000 members");
    row("large", "{\"_\": \"" + QByteArray(2 << 20, 'x') + "\"}", "bytes");
    row("a key of two lines", R"({"budget": {"run\nusd": 5}})", R"(budget."run\nusd" is not known)");
    row("a key for the terminal", R"({"\u001b[2J": 5})", R"("\u001b[2J" is not known)");
    row("a long key", "{\"" + QByteArray(5000, 'k') + "\": 5}", "…");
    row("a key of two lines twice", R"({"a\nb": 5, "a\nb": 5})", R"(""a\nb"" stands twice)");
    row("the same key twice", "{\"max_iterations\": 5,\n\"max_iterations\": 6}", "line 2");
    row("the same key twice in a group", R"({"budget": {"run_usd": 5, "run_usd": 6}})", "\"run_usd\" stands twice");
    row("a typo", R"({"max_iteration": 5})", "did you mean \"max_iterations\"?");
    row("camel case", R"({"maxIterations": 5})", "did you mean \"max_iterations\"?");
    row("upper case", R"({"ANTHROPIC_MODEL": "x"})", "did you mean \"anthropic_model\"?");
    row("a word nobody knows", R"({"colour": "blue"})", "colour is not known");
    row("a typo in a group", R"({"sandbox": {"memory": 5}})", "did you mean \"memory_mb\"?");
    row("a group of the wrong name", R"({"budgets": {}})", "did you mean \"budget\"?");
    row("a stage of the wrong name", R"({"models": {"design": "x"}})", "there are architecture, coding, testing");
    row("a group's key at the top", R"({"run_usd": 5})", "run_usd is not known");
    row("a dotted key", R"({"budget.run_usd": 5})", "is not known");
    row("group is a number", R"({"budget": 5})", "budget must be an object, not 5");
    row("group is a list", R"({"provider": []})", "provider must be an object, not a list");
    row("group is null", R"({"sandbox": null})", "sandbox must be an object, not null");
    row("the line", "{\n\n\"docker_image\": \"x\",\n\"log_analysis_lines\": -3}", "line 4: log_analysis_lines must be a whole number from 1 to 10000, not -3");
    row("the line in a group", "{\n\"budget\": {\n\"run_usd\": -1}}", "line 3: budget.run_usd must be a number from 0 to 100000, not -1");
    row("text for a number", R"({"max_iterations": "many"})", "max_iterations must be a whole number from 1 to 200, not \"many\"");
    row("number in quotes", R"({"max_iterations": "20"})", "not \"20\"");
    row("a fraction", R"({"max_iterations": 1.5})", "not 1.5");
    row("truth for a number", R"({"max_iterations": true})", "not true");
    row("number for truth", R"({"run_security_scans": 1})", "run_security_scans must be true or false, not 1");
    row("text for truth", R"({"save_intermediate_results": "yes"})", "must be true or false");
    row("below", R"({"max_iterations": 0})", "from 1 to 200, not 0");
    row("above", R"({"max_iterations": 201})", "from 1 to 200, not 201");
    row("far above", R"({"max_iterations": 99999999999999999999999})", "max_iterations must be");
    row("coverage above", R"({"coverage_threshold": 100.1})", "from 0 to 100");
    row("environments no list", R"({"deployment_environments": "staging"})", "must be a list of at least one text");
    row("environments empty", R"({"deployment_environments": []})", "must be a list of at least one text");
    row("environments with a number", R"({"deployment_environments": ["staging", 1]})", "deployment_environments");
    row("environment of strange name", R"({"deployment_environments": ["a b"]})", "letters, digits");
    row("environment without name", R"({"deployment_environments": [""]})", "deployment_environments");
    row("environment twice", R"({"deployment_environments": ["qa", "qa"]})", "\"qa\" twice");
    row("platform", R"({"default_deployment_platform": "heroku"})", "one of \"docker\", \"kubernetes\"");
    row("model empty", R"({"anthropic_model": ""})", "not empty");
    row("model with a space", R"({"anthropic_model": "claude sonnet"})", "without spaces");
    row("model of a stage is null", R"({"models": {"coding": null}})", "models.coding must be a text");
    row("image that is an option", R"({"docker_image": "--privileged"})", "name of a Docker image");
    row("image with a space", R"({"docker_image": "a b"})", "name of a Docker image");
    row("image null", R"({"docker_image": null})", "docker_image must be a text that is not empty, not null");
    row("path with tilde", R"({"workspace_path": "~/work"})", "only shells know");
    row("path with newline", R"({"default_output_dir": "a\nb"})", "control characters");
    row("path with NUL", R"({"logging": {"file": "a\u0000b"}})", "control characters");
    row("the root as workspace", R"({"workspace_path": "/"})", "not the root");
    row("the root in disguise", R"({"workspace_path": "/tmp/..//"})", "not the root");
    row("path empty", R"({"workspace_path": ""})", "not empty");
    row("provider", R"({"provider": {"name": "acme"}})", "\"anthropic\", \"openai\", \"replay\"");
    row("address without scheme", R"({"provider": {"base_url": "localhost:11434"}})", "must be an address such as");
    row("address of a file", R"({"provider": {"base_url": "file:///etc/passwd"}})", "must be an address such as");
    row("address with password", R"({"provider": {"base_url": "https://me:pw@host"}})", "no password");
    row("key in clear to Anthropic", R"({"provider": {"base_url": "http://api.anthropic.com"}})", "unencrypted");
    row("headers", R"({"provider": {"custom_headers": "no colon"}})", "Name: value");
    row("effort", R"({"provider": {"effort": "enormous"}})", "\"low\", \"medium\"");
    row("retries", R"({"provider": {"max_retries": -1}})", "from 0 to 20");
    row("a network for agents", R"({"sandbox": {"network": "host"}})", "network");
    for (const auto* host : {"http://a.test", "a.test:0", "a.test:65536", "a.test:443/x", "*", "*.test", "a b", "A.test", "a.test.", "u@a.test", "-a.test", "[::1", "[fd00:0::1]:443", "a..test", ":443"})
        QTest::addRow("a host that is none: %s", host) << QByteArray(R"({"sandbox": {"allowed_hosts": [")") + host + QByteArray(R"("]}})") << QByteArray("must be hosts in lower case");
    row("no processors", R"({"sandbox": {"cpus": 0}})", "sandbox.cpus must be a number from 0.1 to 256");
    row("engine over ssh", R"({"sandbox": {"docker_host": "ssh://me@host"}})", "ssh is not supported");
    row("engine without scheme", R"({"sandbox": {"docker_host": "/var/run/docker.sock"}})", "must be unix:///path");
    row("level", R"({"logging": {"level": "verbose"}})", "\"trace\", \"debug\"");
    row("rounds", R"({"repair": {"max_rounds": 11}})", "repair.max_rounds must be a whole number from 0 to 10");
    row("openai without a model", R"({"provider": {"name": "openai"}})", "no model of that server is named");
}

void MalformedConfigTest::filesAreRefusedWithTheReason()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, says);
    const auto config = ConfigHome().load(text.toStdString());
    QVERIFY(!config);
    const auto& error = config.error();
    QVERIFY2(error.text().find(says.toStdString()) != std::string::npos, error.text().c_str());
    QVERIFY2(error.text().size() < 600 && error.text().find('\n') == std::string::npos, "one line, not a dump");
    QVERIFY2(error.remedy.ends_with('.'), error.remedy.c_str());
}

void MalformedConfigTest::everyKeyRefusesWhatItIsNot_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    for (const auto& setting : settings())
        for (const auto* value : {"null", "{}", "[[]]", "[1]", "-1e300", "\"\\u0007\"", "1e18"})
            QTest::addRow("%s %s", setting.key.c_str(), value) << QByteArray::fromStdString(setting.key) << QByteArray(value);
}

void MalformedConfigTest::everyKeyRefusesWhatItIsNot()
{
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, value);
    const auto dot = key.indexOf('.');
    const auto member = "\"" + key.mid(dot + 1) + "\":\n" + value;
    const auto text = dot < 0 ? "{" + member + "}" : "{\"" + key.left(dot) + "\": {" + member + "}}";
    const auto config = ConfigHome().load(text.toStdString());
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::Invalid);
    QVERIFY2(config.error().text().find("config.json, line 1: " + key.toStdString() + " must ") != std::string::npos, config.error().text().c_str());
}

void MalformedConfigTest::variablesAndFlagsAreRefusedByName_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<QByteArray>("flag");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("turns") << QByteArray("MAX_ITERATIONS") << QByteArray() << QByteArray("many") << QByteArray("variable MAX_ITERATIONS must be a whole number");
    QTest::newRow("half a turn") << QByteArray("MAX_ITERATIONS") << QByteArray() << QByteArray("1.5") << QByteArray("MAX_ITERATIONS must");
    QTest::newRow("turns and more") << QByteArray("MAX_ITERATIONS") << QByteArray() << QByteArray("5 ") << QByteArray("MAX_ITERATIONS must");
    QTest::newRow("money") << QByteArray("BUDGET_RUN_USD") << QByteArray() << QByteArray("$5") << QByteArray("BUDGET_RUN_USD must be a number");
    QTest::newRow("infinite money") << QByteArray("BUDGET_RUN_USD") << QByteArray() << QByteArray("inf") << QByteArray("BUDGET_RUN_USD must be a number");
    QTest::newRow("no number") << QByteArray("BUDGET_RUN_USD") << QByteArray() << QByteArray("nan") << QByteArray("BUDGET_RUN_USD must be a number");
    QTest::newRow("truth") << QByteArray("RUN_SECURITY_SCANS") << QByteArray() << QByteArray("maybe") << QByteArray("must be true or false");
    QTest::newRow("a list with a hole") << QByteArray("DEPLOYMENT_ENVIRONMENTS") << QByteArray() << QByteArray("a,,b") << QByteArray("DEPLOYMENT_ENVIRONMENTS must");
    QTest::newRow("not UTF-8") << QByteArray("DOCKER_IMAGE") << QByteArray() << QByteArray("\xff") << QByteArray("DOCKER_IMAGE must be UTF-8");
    QTest::newRow("alias") << QByteArray("DOCKER_HOST") << QByteArray() << QByteArray("ssh://x") << QByteArray("DOCKER_HOST must be unix");
    QTest::newRow("address") << QByteArray("ANTHROPIC_BASE_URL") << QByteArray() << QByteArray("example.org") << QByteArray("ANTHROPIC_BASE_URL must be an address");
    QTest::newRow("flag turns") << QByteArray() << QByteArray("max_iterations") << QByteArray("0") << QByteArray("--max-iterations must be a whole number");
    QTest::newRow("flag money") << QByteArray() << QByteArray("budget.run_usd") << QByteArray("-1") << QByteArray("--budget-usd must be a number");
    QTest::newRow("flag empty") << QByteArray() << QByteArray("anthropic_model") << QByteArray("") << QByteArray("--model must be a text that is not empty");
    QTest::newRow("flag provider") << QByteArray() << QByteArray("provider.name") << QByteArray("acme") << QByteArray("--provider must be one of");
    QTest::newRow("flag of no setting") << QByteArray() << QByteArray("colour") << QByteArray("x") << QByteArray("no setting colour");
}

void MalformedConfigTest::variablesAndFlagsAreRefusedByName()
{
    QFETCH(const QByteArray, variable);
    QFETCH(const QByteArray, flag);
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, says);
    ConfigHome home;
    if (!variable.isEmpty())
        home.sources.environment[variable.toStdString()] = value.toStdString();
    if (!flag.isEmpty())
        home.sources.flags[flag.toStdString()] = value.toStdString();
    const auto config = home.load();
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::Invalid);
    QVERIFY2(config.error().text().find(says.toStdString()) != std::string::npos, config.error().text().c_str());
    QVERIFY(!config.error().remedy.empty());
}

void MalformedConfigTest::secretsAreNeverShownInComplaints()
{
    const std::string secret = "sk-ant-SECRET SECRET";
    for (const auto& setting : settings()) {
        if (!setting.rule.secret)
            continue;
        for (const auto& value : {Json(secret), Json::array({secret}), Json{{"key", secret}}, Json(1234567890)}) {
            const auto complaint = setting.wrongWith(value);
            QVERIFY(!complaint.empty());
            QVERIFY2(complaint.find("SECRET") == std::string::npos && complaint.find("123456") == std::string::npos, complaint.c_str());
        }
        ConfigHome home;
        home.sources.environment[setting.variables.front().name] = secret;
        const auto config = home.load();
        QVERIFY(!config && config.error().text().find("SECRET") == std::string::npos);
    }
    const auto torn = ConfigHome().load("{\"anthropic_api_key\": \"" + secret + "\n\"}");
    QVERIFY(!torn && torn.error().text().find("SECRET") == std::string::npos);
}

QTEST_GUILESS_MAIN(MalformedConfigTest)
#include "tst_malformed_config.moc"
