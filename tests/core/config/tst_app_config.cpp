#include <QTest>

#include "core/config/config_template.h"
#include "core/config/settings.h"
#include "tests/core/config/config_home.h"

using namespace aap;
using Source = Origin::Source;

namespace {

/// Another value than the default that the setting allows.
Json differentValue(const Setting& setting)
{
    const auto usual = setting.value(AppConfig{});
    const auto allowed = [&](const Json& value) { return value != usual && setting.wrongWith(value).empty(); };
    if (setting.rule.kind == ValueRule::Kind::Boolean)
        return !usual.get<bool>();
    if (setting.rule.kind == ValueRule::Kind::TextList)
        return allowed(Json::array({"one", "two"})) ? Json::array({"one", "two"}) : Json::array({"ONE=keychain", "TWO=env:TWO"});
    if (setting.rule.kind == ValueRule::Kind::Integer || setting.rule.kind == ValueRule::Kind::Number) {
        const auto number = usual.is_number() ? usual.get<double>() : setting.rule.min;
        const auto other = number + 1 <= setting.rule.max ? number + 1 : number - 1;
        return setting.rule.kind == ValueRule::Kind::Integer ? Json(std::int64_t(other)) : Json(other);
    }
    for (const auto choice : setting.rule.choices)
        if (allowed(choice))
            return choice;
    for (const auto* text : {"other", "http://127.0.0.1:1", "unix:///tmp/other.sock", "X-Team: blue"})
        if (allowed(text))
            return text;
    return usual; // which the test that takes it will notice
}

std::string textOf(const Json& value)
{
    if (!value.is_array())
        return value.is_string() ? value.get<std::string>() : value.dump();
    std::string text;
    for (const auto& entry : value)
        text += (text.empty() ? "" : ",") + entry.get<std::string>();
    return text;
}

std::string fileWith(const Setting& setting, const Json& value)
{
    const Json member{{std::string(setting.name()), value}};
    auto json = setting.group().empty() ? member : Json{{std::string(setting.group()), member}};
    if (setting.key == "provider.name")
        json["anthropic_model"] = "local"; // what openai asks for
    return json.dump();
}

} // namespace

/// A user's wishes from five places become one checked configuration that remembers where each came from.
class AppConfigTest : public QObject {
    Q_OBJECT

private slots:
    void withoutAnythingTheDefaultsHold();
    void thePlansKeysKeepTheirNamesAndDefaults();
    void everyKeyCanBeSetInAFile_data() { keys(); }
    void everyKeyCanBeSetInAFile();
    void everyKeyHasAVariableWhichWinsOverTheFile_data() { keys(); }
    void everyKeyHasAVariableWhichWinsOverTheFile();
    void aFlagWinsOverTheVariable_data() { keys(); }
    void aFlagWinsOverTheVariable();
    void everyKeyIsInTheTemplateAndTheReference_data() { keys(); }
    void everyKeyIsInTheTemplateAndTheReference();
    void theTemplateReadsBackAsTheDefaults();
    void theReferenceOnDiskIsTheOneOfTheProgram();
    void oneStory();
    void theKeyIsLookedForInOrder();
    void placeholdersAndEmptyVariablesAreNoKeys();
    void aKeyOfAnotherServiceIsNotUsed();
    void aFileWithAKeyIsForItsOwnerOnly_data();
    void aFileWithAKeyIsForItsOwnerOnly();
    void theNamedFileWinsAndMustExist();
    void theUsersFileIsReadWhenTheFolderHasNone();
    void unreadableFilesAreExplained();
    void aFoundFileCannotSendTheKeyAway();
    void retiredModelsAreReplacedWithANotice();
    void theKeychainIsAskedOnlyWhenNeeded();
    void nothingSecretIsInTheRecordedSettings();
    void aRunsDefaultsComeFromTheConfiguration();

private:
    static void keys()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < settings().size(); ++i)
            QTest::addRow("%s", settings()[i].key.c_str()) << int(i);
    }
    static const Setting& fetchedSetting()
    {
        QFETCH(const int, index);
        return settings()[std::size_t(index)];
    }
};

void AppConfigTest::withoutAnythingTheDefaultsHold()
{
    const auto config = ConfigHome().load();
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(redacted(*config).dump(), redacted(AppConfig{}).dump());
    QCOMPARE(config->origins.size(), settings().size());
    for (const auto& [key, origin] : config->origins)
        QVERIFY2(origin.text() == "default", key.c_str());
    for (const auto& setting : settings()) // a default that its own rule forbids would make the template useless
        if (const auto value = setting.value(AppConfig{}); !value.is_null())
            QVERIFY2(setting.wrongWith(value).empty(), setting.key.c_str());
}

void AppConfigTest::thePlansKeysKeepTheirNamesAndDefaults()
{
    const Json plan{{"anthropic_model", "claude-sonnet-5-5"},
                    {"docker_image", "coding-agent-sandbox"},
                    {"workspace_path", "/tmp/agent-workspace"},
                    {"max_iterations", 20},
                    {"output_truncate_length", 30000},
                    {"default_output_dir", "./pipeline_output"},
                    {"save_intermediate_results", true},
                    {"health_check_timeout", 60},
                    {"log_analysis_lines", 100},
                    {"coverage_threshold", 80.0},
                    {"run_security_scans", true},
                    {"default_deployment_platform", "docker"},
                    {"deployment_environments", {"development", "staging", "production"}}};
    const auto usual = redacted(AppConfig{});
    for (const auto& [key, value] : plan.items())
        QVERIFY2(usual.contains(key) && usual[key] == value, key.c_str());
    QCOMPARE(keysOf("").size(), plan.size() + 1); // and anthropic_api_key
}

void AppConfigTest::everyKeyCanBeSetInAFile()
{
    const auto& setting = fetchedSetting();
    const auto value = differentValue(setting);
    ConfigHome home;
    home.sources.file = home.file(); // named, for some may not stand in one that is merely found
    const auto config = home.load(fileWith(setting, value));
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(setting.value(*config).dump(), value.dump());
    QVERIFY(config->origins.at(setting.key).source == Source::File);
    QVERIFY(config->origins.at(setting.key).where.ends_with("config.json, line 1"));
}

void AppConfigTest::everyKeyHasAVariableWhichWinsOverTheFile()
{
    const auto& setting = fetchedSetting();
    const auto value = differentValue(setting);
    QVERIFY(!setting.variables.empty());
    for (const auto& [name, provider] : setting.variables) {
        ConfigHome home;
        home.sources.environment[name] = textOf(value);
        home.sources.environment["ANTHROPIC_MODEL"] = setting.key == "anthropic_model" ? textOf(value) : "local";
        if (!provider.empty())
            home.sources.flags["provider.name"] = provider;
        const auto usual = setting.value(AppConfig{});
        const auto config = usual.is_null() ? home.load() : home.load(fileWith(setting, usual));
        QVERIFY2(config, config ? "" : config.error().text().c_str());
        QCOMPARE(setting.value(*config).dump(), value.dump());
        QCOMPARE(config->origins.at(setting.key).text(), "environment " + name);
    }
}

void AppConfigTest::aFlagWinsOverTheVariable()
{
    const auto& setting = fetchedSetting();
    const auto value = differentValue(setting);
    ConfigHome home;
    home.sources.environment["ANTHROPIC_MODEL"] = "local";
    home.sources.environment[setting.variables.front().name] = "not even allowed\a";
    home.sources.flags[setting.key] = textOf(value);
    const auto config = home.load();
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(setting.value(*config).dump(), value.dump());
    QVERIFY(config->origins.at(setting.key).source == Source::Flag);
}

void AppConfigTest::everyKeyIsInTheTemplateAndTheReference()
{
    const auto& setting = fetchedSetting();
    const auto json = Json::parse(initTemplate());
    const auto& place = setting.group().empty() ? json : json.at(std::string(setting.group()));
    const std::string name(setting.name());
    QVERIFY(place.contains("_" + name));
    QCOMPARE(place.contains(name), !setting.value(AppConfig{}).is_null() || setting.key == "anthropic_api_key");
    QVERIFY2(setting.meaning.ends_with('.'), "a sentence");
    QVERIFY(settingsReference().find("| `" + setting.key + "` |") != std::string::npos);
}

void AppConfigTest::theTemplateReadsBackAsTheDefaults()
{
    ConfigHome home;
    ConfigHome::write(home.file(), initTemplate(), QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther); // holds no key: others may read it
    const auto config = home.load();
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(redacted(*config).dump(), redacted(AppConfig{}).dump());
    QVERIFY(config->anthropicApiKey.isEmpty());
    QVERIFY(config->origins.at("max_iterations").source == Source::File);
    QVERIFY(config->origins.at("anthropic_api_key").source == Source::Default);
}

void AppConfigTest::theReferenceOnDiskIsTheOneOfTheProgram()
{
    QFile file(QStringLiteral(AAP_SOURCE_DIR "/docs/configuration.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY2(file.readAll().contains(QByteArray::fromStdString(settingsReference())),
             ("docs/configuration.md must contain this table:\n" + settingsReference()).c_str());
}

void AppConfigTest::oneStory()
{
    ConfigHome home;
    home.sources.flags = {{"max_iterations", "30"}};
    home.sources.environment = {{"MAX_ITERATIONS", "40"}, {"COVERAGE_THRESHOLD", "72.5"}, {"DEPLOYMENT_ENVIRONMENTS", "test, production"},
                                {"RUN_SECURITY_SCANS", "no"}, {"BUDGET_RUN_MINUTES", "1.5"}};
    const auto config = home.load(R"({
  "_why": "comments may stand anywhere",
  "max_iterations": 50, "coverage_threshold": 60,
  "docker_image": "registry.example/team/sandbox:1.2",
  "models": {"coding": "claude-opus-5-5", "_note": "hard work", "qa": "claude-haiku-5-5"},
  "budget": {"run_usd": 2.5, "stage_calls": 12}
})");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->maxIterations, 30);
    QCOMPARE(config->coverageThreshold, 72.5);
    QCOMPARE(config->dockerImage, std::string("registry.example/team/sandbox:1.2"));
    QCOMPARE(config->deploymentEnvironments, (std::vector<std::string>{"test", "production"}));
    QVERIFY(!config->runSecurityScans);
    QCOMPARE(config->models.at(StageId::Coding), std::string("claude-opus-5-5"));
    QCOMPARE(config->models.at(StageId::QualityReview), std::string("claude-haiku-5-5"));
    QCOMPARE(config->runBudget.money->microUsd, 2'500'000);
    QCOMPARE(config->runBudget.wallTime->count(), 90'000);
    QCOMPARE(*config->stageBudget.calls, 12);
    QCOMPARE(config->origins.at("max_iterations").text(), std::string("flag --max-iterations"));
    QCOMPARE(config->origins.at("coverage_threshold").text(), std::string("environment COVERAGE_THRESHOLD"));
    QCOMPARE(config->origins.at("budget.run_usd").text(), "file " + home.file().string() + ", line 6");
    QCOMPARE(config->origins.at("logging.level").text(), std::string("default"));
}

void AppConfigTest::theKeyIsLookedForInOrder()
{
    ConfigHome home;
    home.sources.keychain = [](const std::string& account) -> Result<ApiKey> { return ApiKey("from-keychain-" + account); };
    auto config = home.load();
    QCOMPARE(config->anthropicApiKey.reveal(), std::string("from-keychain-anthropic_api_key"));
    QCOMPARE(config->origins.at("anthropic_api_key").text(), std::string("keychain"));

    config = home.load(R"({"anthropic_api_key": "from-file"})");
    QCOMPARE(config->anthropicApiKey.reveal(), std::string("from-file"));

    const auto secretFile = home.working() / "key";
    ConfigHome::write(secretFile, "from-secret-file\n");
    home.sources.environment["ANTHROPIC_API_KEY_FILE"] = secretFile.string();
    config = home.load();
    QCOMPARE(config->anthropicApiKey.reveal(), std::string("from-secret-file"));
    QCOMPARE(config->origins.at("anthropic_api_key").text(), std::string("environment ANTHROPIC_API_KEY_FILE"));

    home.sources.environment["ANTHROPIC_API_KEY"] = "from-variable";
    QCOMPARE(home.load()->anthropicApiKey.reveal(), std::string("from-variable"));

    home.sources.environment.erase("ANTHROPIC_API_KEY");
    home.sources.environment["ANTHROPIC_API_KEY_FILE"] = "/nonexistent/key";
    config = home.load();
    QVERIFY(!config && config.error().text().find("ANTHROPIC_API_KEY_FILE") != std::string::npos);
    ConfigHome::write(secretFile, "\n");
    home.sources.environment["ANTHROPIC_API_KEY_FILE"] = secretFile.string();
    config = home.load();
    QVERIFY(!config && config.error().text().find("is empty") != std::string::npos);
}

void AppConfigTest::placeholdersAndEmptyVariablesAreNoKeys()
{
    ConfigHome home;
    home.sources.environment = {{"ANTHROPIC_API_KEY", ""}, {"ANTHROPIC_AUTH_TOKEN", "your-key-here"}, {"MAX_ITERATIONS", ""}};
    const auto config = home.load(R"({"anthropic_api_key": "your-key-here"})");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QVERIFY(config->anthropicApiKey.isEmpty());
    QVERIFY(config->provider.authToken.isEmpty());
    QCOMPARE(config->maxIterations, 20);
}

void AppConfigTest::aKeyOfAnotherServiceIsNotUsed()
{
    ConfigHome home;
    home.sources.environment = {{"ANTHROPIC_AUTH_TOKEN", "for-anthropic"}, {"ANTHROPIC_BASE_URL", "https://anthropic.example"},
                                {"OPENAI_API_KEY", "for-openai"}, {"OPENAI_BASE_URL", "https://openai.example"},
                                {"ANTHROPIC_CUSTOM_HEADERS", "X-Proxy: secret-of-proxy"}};
    auto config = home.load();
    QCOMPARE(config->provider.authToken.reveal(), std::string("for-anthropic"));
    QCOMPARE(config->provider.baseUrl, std::string("https://anthropic.example"));
    home.sources.flags = {{"provider.name", "openai"}, {"anthropic_model", "gpt"}};
    config = home.load();
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->provider.authToken.reveal(), std::string("for-openai"));
    QCOMPARE(config->provider.baseUrl, std::string("https://openai.example"));
    QVERIFY(config->provider.customHeaders.empty());
}

void AppConfigTest::aFileWithAKeyIsForItsOwnerOnly_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("accepted");
    const int owner = int(QFile::ReadOwner | QFile::WriteOwner);
    QTest::newRow("key, own eyes") << QByteArray(R"({"anthropic_api_key": "k-1"})") << owner << true;
    QTest::newRow("key, everybody") << QByteArray(R"({"anthropic_api_key": "k-1"})") << (owner | int(QFile::ReadOther)) << false;
    QTest::newRow("key, group") << QByteArray(R"({"anthropic_api_key": "k-1"})") << (owner | int(QFile::ReadGroup)) << false;
    QTest::newRow("key, others may write") << QByteArray(R"({"anthropic_api_key": "k-1"})") << (owner | int(QFile::WriteOther)) << false;
    QTest::newRow("token, everybody") << QByteArray("{\"provider\":\n{\"auth_token\": \"t-1\"}}") << (owner | int(QFile::ReadOther)) << false;
    QTest::newRow("placeholder, everybody") << QByteArray(R"({"anthropic_api_key": "your-key-here"})") << (owner | int(QFile::ReadOther)) << true;
    QTest::newRow("empty, everybody") << QByteArray(R"({"anthropic_api_key": ""})") << (owner | int(QFile::ReadOther)) << true;
    QTest::newRow("no key, everybody") << QByteArray(R"({"max_iterations": 3})") << (owner | int(QFile::ReadOther)) << true;
}

void AppConfigTest::aFileWithAKeyIsForItsOwnerOnly()
{
    QFETCH(const QByteArray, text);
    QFETCH(const int, mode);
    QFETCH(const bool, accepted);
    const ConfigHome home;
    ConfigHome::write(home.file(), text.toStdString(), QFile::Permissions(mode));
    const auto config = home.load();
    QCOMPARE(bool(config), accepted);
    if (accepted)
        return;
    QCOMPARE(config.error().code, ErrorCode::Unauthorized);
    QCOMPARE(config.error().remedy, "Run: chmod 600 " + home.file().string());
    QVERIFY(config.error().text().find("line ") != std::string::npos && config.error().text().find("-1") == std::string::npos);
}

void AppConfigTest::theNamedFileWinsAndMustExist()
{
    ConfigHome home;
    ConfigHome::write(home.file(), R"({"max_iterations": 1})");
    home.sources.file = home.working() / "other.json";
    const auto missing = home.load();
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);
    QVERIFY(missing.error().text().find("other.json") != std::string::npos && !missing.error().remedy.empty());
    ConfigHome::write(home.sources.file, R"({"max_iterations": 2})");
    QCOMPARE(home.load()->maxIterations, 2);
}

void AppConfigTest::theUsersFileIsReadWhenTheFolderHasNone()
{
    const ConfigHome home;
    ConfigHome::write(home.config() / "config.json", R"({"max_iterations": 3})");
    QCOMPARE(home.load()->maxIterations, 3);
    const auto nearer = home.load(R"({"max_iterations": 4})");
    QCOMPARE(nearer->maxIterations, 4);
}

void AppConfigTest::unreadableFilesAreExplained()
{
    ConfigHome home;
    std::filesystem::create_directories(home.file());
    auto config = home.load();
    QVERIFY(!config && config.error().text().find("config.json is not a regular file") != std::string::npos);
    std::filesystem::remove(home.file());
    std::filesystem::create_symlink("/nonexistent", home.file());
    config = home.load();
    QVERIFY2(!config, "a broken link is not the same as no file");
    QVERIFY(!config.error().remedy.empty());
}

void AppConfigTest::aFoundFileCannotSendTheKeyAway()
{
    ConfigHome home;
    home.sources.environment["ANTHROPIC_API_KEY"] = "my-own-key";
    const std::string elsewhere = R"({"provider": {"base_url": "https://evil.example"}})";
    auto config = home.load(elsewhere);
    QVERIFY(!config);
    QCOMPARE(config.error().code, ErrorCode::Unauthorized);
    QVERIFY(config.error().remedy.find("--config") != std::string::npos);
    const auto onThisMachine = home.load(R"({"provider": {"base_url": "http://127.0.0.1:11434"}, "sandbox": {"docker_host": "unix:///run/other.sock"}})");
    QVERIFY2(onThisMachine, onThisMachine ? "" : onThisMachine.error().text().c_str());
    const auto inDisguise = home.load(R"({"provider": {"base_url": "http://127.0.0.1.evil.example"}})");
    QVERIFY(!inDisguise);
    const auto engine = home.load(R"({"sandbox": {"docker_host": "tcp://evil.example:2375"}})");
    QVERIFY(!engine);
    for (const auto* text : {R"({"sandbox": {"network": "open"}})", R"({"sandbox": {"network": "allow-list", "allowed_hosts": ["evil.example"]}})",
                             R"({"sandbox": {"secrets": ["KEY=file:/home/me/.ssh/id_ed25519"]}})"}) {
        const auto opened = home.load(text);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Unauthorized);
    }
    home.sources.flags = {{"sandbox.network", "allow-list"}};
    const auto extended = home.load(R"({"sandbox": {"allowed_hosts": ["evil.example"]}})");
    QVERIFY2(!extended, "whom the user lets agents reach is the user's own matter");
    home.sources.flags.clear();
    ConfigHome::write(home.file(), elsewhere);
    home.sources.file = home.file();
    QVERIFY2(home.load(), "whoever names the file trusts it");
    home.sources.file.clear();
    std::filesystem::rename(home.file(), home.config() / "config.json");
    QVERIFY2(home.load(), "the user's own");
}

void AppConfigTest::retiredModelsAreReplacedWithANotice()
{
    ConfigHome home;
    home.sources.successorOf = [](const std::string& model) {
        return model == "claude-sonnet-4-20250514" ? std::optional<std::string>("claude-sonnet-5-5") : std::nullopt;
    };
    const auto config = home.load(R"({"anthropic_model": "claude-sonnet-4-20250514", "models": {"architecture_review": "claude-sonnet-4-20250514", "coding": "mine"}})");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(config->anthropicModel, std::string("claude-sonnet-5-5"));
    QCOMPARE(config->models.at(StageId::ArchitectureReview), std::string("claude-sonnet-5-5"));
    QCOMPARE(config->models.at(StageId::Coding), std::string("mine"));
    QCOMPARE(config->notices.size(), 2U);
    QVERIFY(config->notices.front().find("claude-sonnet-4-20250514 is retired") != std::string::npos);
    QVERIFY(config->notices.back().find("models.architecture_review") != std::string::npos);
}

void AppConfigTest::theKeychainIsAskedOnlyWhenNeeded()
{
    std::vector<std::string> asked;
    ConfigHome home;
    Result<ApiKey> answer = Error{ErrorCode::NotFound, "nothing there"};
    home.sources.keychain = [&](const std::string& account) {
        asked.push_back(account);
        return answer;
    };
    QVERIFY(home.load() && home.load()->notices.empty());
    QCOMPARE(asked.size(), 2U);
    answer = Error{ErrorCode::Unauthorized, "the keychain is locked", {}, "Unlock it."};
    const auto locked = home.load();
    QVERIFY(locked && locked->anthropicApiKey.isEmpty());
    QVERIFY(locked->notices.at(0).find("locked") != std::string::npos);
    asked.clear();
    home.sources.flags["provider.name"] = "replay";
    QVERIFY(home.load());
    home.sources.flags.clear();
    home.sources.environment["ANTHROPIC_AUTH_TOKEN"] = "a-token";
    QVERIFY(home.load());
    QVERIFY(asked.empty());
    answer = ApiKey("for-the-other-server");
    home.sources.environment["ANTHROPIC_API_KEY"] = "not-for-openai";
    home.sources.flags = {{"provider.name", "openai"}, {"anthropic_model", "local"}};
    QCOMPARE(home.load()->provider.authToken.reveal(), std::string("for-the-other-server"));
    QCOMPARE(asked.back(), std::string("provider.auth_token"));
}

void AppConfigTest::nothingSecretIsInTheRecordedSettings()
{
    ConfigHome home;
    home.sources.environment = {{"ANTHROPIC_API_KEY", "secret-number-one"}, {"ANTHROPIC_AUTH_TOKEN", "secret-number-two"},
                                {"ANTHROPIC_CUSTOM_HEADERS", "X-One: secret-number-three\nX-Two: secret-number-four"}};
    const auto config = home.load();
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    QCOMPARE(secretsOf(*config), (std::vector<std::string>{"secret-number-one", "secret-number-two", "secret-number-three", "secret-number-four"}));
    const auto json = redacted(*config).dump();
    QVERIFY(json.find("secret-number") == std::string::npos);
    for (const auto& [key, origin] : config->origins)
        QVERIFY(origin.text().find("secret-number") == std::string::npos);
}

void AppConfigTest::aRunsDefaultsComeFromTheConfiguration()
{
    const auto config = ConfigHome().load(R"({"max_iterations": 7, "coverage_threshold": 55, "run_security_scans": false, "health_check_timeout": 9,
        "default_deployment_platform": "kubernetes", "deployment_environments": ["staging"], "models": {"testing": "claude-haiku-5-5"},
        "budget": {"run_usd": 3, "stage_tokens": 5000}, "verify": {"max_resubmits": 1}, "repair": {"max_rounds": 0}, "monitoring": {"audit_seconds": 6}})");
    QVERIFY2(config, config ? "" : config.error().text().c_str());
    const auto spec = pipelineDefaults(*config, RunMode::Full);
    QCOMPARE(spec.stages.size(), kPipelineStages.size());
    for (const auto& stage : spec.stages) {
        QCOMPARE(stage.maxTurns, 7);
        QCOMPARE(*stage.limits.tokens, 5000);
        QCOMPARE(stage.model, std::string(stage.id == StageId::Testing ? "claude-haiku-5-5" : ""));
    }
    QCOMPARE(spec.limits.money->microUsd, 3'000'000);
    QCOMPARE(spec.coverageThreshold, 55.0);
    QVERIFY(!spec.securityScan);
    QCOMPARE(spec.healthTimeout.count(), 9000);
    QCOMPARE(spec.platform, std::string("kubernetes"));
    QCOMPARE(spec.environment, std::string("staging"));
    QCOMPARE(spec.maxResubmits, 1);
    QCOMPARE(spec.maxRepairRounds, 0);
    QCOMPARE(spec.monitoringAuditSeconds, 6);
}

QTEST_GUILESS_MAIN(AppConfigTest)
#include "tst_app_config.moc"
