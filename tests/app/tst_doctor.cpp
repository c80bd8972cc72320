#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>

#include "app/doctor.h"
#include "app/engine_walls.h"
#include "app/doctor_checks.h"
#include "core/config/settings.h"
#include "core/llm/prices.h"
#include "sandbox/docker/docker_client.h"
#include "tests/sandbox/fake_engine.h"
#include "tests/support/fake_messages_api.h"
#include "tests/support/memory_secret_store.h"

using namespace aap;
using Status = Finding::Status;

Q_DECLARE_METATYPE(Finding::Status)

namespace {

const std::string kKey = "sk-ant-api03-0123456789abcdefghijWXYZ";
const std::string kInfo = R"({"ServerVersion":"20.10.24","DockerRootDir":"/","SecurityOptions":["name=seccomp,profile=default"],)"
                          R"("MemoryLimit":true,"PidsLimit":true,"CpuCfsQuota":true,"Size":1234000000})";

/// A user with folders of their own, a provider on this machine, and nothing else.
struct Patient {
    QTemporaryDir home{};
    FakeMessagesApi api{};
    AppConfig config{};
    AppFolders folders{};
    Prices prices = *Prices::load();
    DoctorParts parts{.config = config, .folders = folders, .prices = prices};

    Patient()
    {
        const std::filesystem::path root = home.path().toStdString();
        folders = {root / "config", root / "data", root / "state", root / "cache", root / "runtime"};
        if (!makePrivateFolders(folders))
            qFatal("no folders");
        config.workspacePath = root / "workspace";
        config.defaultOutputDir = root / "not" / "yet" / "made";
        config.anthropicApiKey = ApiKey(kKey);
        config.origins["anthropic_api_key"] = {Origin::Source::Variable, "ANTHROPIC_API_KEY"};
        config.provider.baseUrl = api.baseUrl();
        api.requireKey(kKey);
    }
};

FakeEngine::Answer answer(const std::string& status, const std::string& body)
{
    return {.bytes = httpAnswer(status, body)};
}

std::vector<std::string> idsOf(const std::vector<Finding>& findings)
{
    std::vector<std::string> ids;
    std::ranges::transform(findings, std::back_inserter(ids), &Finding::id);
    return ids;
}

const Finding& withId(const std::vector<Finding>& findings, std::string_view id)
{
    return *std::ranges::find(findings, id, &Finding::id);
}

bool holds(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// The doctor finds what a run needs, and says of what is missing how to get it.
class DoctorTest : public QObject {
    Q_OBJECT

private slots:
    void aHealthyHouseIsFoundHealthyAlwaysInOneOrder();
    void keysAreTried_data();
    void keysAreTried();
    void withoutAKeyNobodyIsAsked();
    void recordedRepliesNeedNoKey();
    void modelsAreLookedUp_data();
    void modelsAreLookedUp();
    void anEngineIsJudgedByWhatItCanConfine_data();
    void anEngineIsJudgedByWhatItCanConfine();
    void aMissingAndADeafEngineHaveDifferentRemedies();
    void anOpenSocketIsANote();
    void strictnessRefusesThinWalls_data();
    void strictnessRefusesThinWalls();
    void theNetworkOfAgentsIsNamed();
    void aMissingImageIsBuilt();
    void anImageHasAnAgeAndARecipe();
    void freeSpaceIsJudged_data();
    void freeSpaceIsJudged();
    void littleMemoryIsANote();
    void aBrokenKeychainIsANote();
    void aFileIsNoWorkspace();
    void aWorkspaceIsLookedAtAndLeftAsItIs();
    void aBrokenJournalFails();
    void whatHangsIsReportedInTime();
    void theReportKeepsSecrets();
};

void DoctorTest::aHealthyHouseIsFoundHealthyAlwaysInOneOrder()
{
    Patient patient;
    // the checks run at the same time, so every answer must do for each of them
    FakeEngine engine(std::vector(8, answer("200 OK", kInfo)));
    DockerClient client(engine.endpoint());
    MemorySecretStore keychain;
    patient.parts.engine = &client;
    patient.parts.keychain = &keychain;
    const auto findings = examine(patient.parts, {});
    QCOMPARE(idsOf(findings), (std::vector<std::string>{"key", "model", "docker", "local_rooms", "network", "image", "disk", "memory", "keychain", "workspace", "journal"}));
    for (const auto* id : {"key", "docker", "image", "keychain", "workspace", "journal"})
        QVERIFY2(withId(findings, id).status == Status::Ok, (withId(findings, id).id + ": " + withId(findings, id).detail).c_str());
    QVERIFY(holds(withId(findings, "docker").detail, "20.10.24, API 1.41"));
    QVERIFY(holds(withId(findings, "image").detail, "1234 MB"));
}

void DoctorTest::keysAreTried_data()
{
    QTest::addColumn<int>("httpStatus");
    QTest::addColumn<bool>("isAnswer");
    QTest::addColumn<Status>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("accepted") << 200 << true << Status::Ok << QByteArray("…WXYZ (environment ANTHROPIC_API_KEY) is accepted");
    QTest::newRow("refused") << 401 << true << Status::Fail << QByteArray("is refused");
    QTest::newRow("no list of models") << 404 << true << Status::Ok << QByteArray("not tried");
    QTest::newRow("out of order") << 500 << false << Status::Warn << QByteArray();
}

void DoctorTest::keysAreTried()
{
    QFETCH(const int, httpStatus);
    QFETCH(const bool, isAnswer);
    QFETCH(const QByteArray, says);
    Patient patient;
    if (httpStatus != 200)
        patient.api.enqueue(Step::error(httpStatus, "some_error", "the reason"));
    const auto verdict = checkKey(patient.parts, {});
    QCOMPARE(bool(verdict), isAnswer);
    if (!verdict)
        return;
    QTEST(verdict->status, "status");
    QVERIFY2(holds(verdict->detail, says.toStdString()), verdict->detail.c_str());
    QVERIFY(!holds(verdict->detail, kKey));
    QCOMPARE(verdict->status == Status::Fail, !verdict->remedy.empty());
}

void DoctorTest::withoutAKeyNobodyIsAsked()
{
    Patient patient;
    patient.config.anthropicApiKey = {};
    patient.config.provider.baseUrl.clear();
    const auto verdict = checkKey(patient.parts, {});
    QVERIFY(verdict && verdict->status == Status::Fail);
    QVERIFY(holds(verdict->remedy, "ANTHROPIC_API_KEY"));
    const auto model = checkModels(patient.parts, {});
    QVERIFY(model && holds(model->detail, "could not be asked"));
    QVERIFY(patient.api.requests().empty());
}

void DoctorTest::recordedRepliesNeedNoKey()
{
    Patient patient;
    patient.config.anthropicApiKey = {};
    patient.config.provider.name = "replay";
    QVERIFY(checkKey(patient.parts, {})->status == Status::Ok);
    QVERIFY(checkModels(patient.parts, {})->status == Status::Ok);
    QVERIFY(patient.api.requests().empty());
}

void DoctorTest::modelsAreLookedUp_data()
{
    QTest::addColumn<QByteArray>("model");
    QTest::addColumn<QByteArray>("listed");
    QTest::addColumn<Status>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("offered") << QByteArray("claude-sonnet-5-5") << QByteArray(R"([{"id":"claude-sonnet-5-5"}])") << Status::Ok << QByteArray("claude-sonnet-5-5");
    QTest::newRow("not offered") << QByteArray("claude-sonnet-5-5") << QByteArray(R"([{"id":"another"}])") << Status::Fail << QByteArray("not offered");
    QTest::newRow("deprecated") << QByteArray("m") << QByteArray(R"([{"id":"m","lifecycle":"deprecated","retires_at":"2027-01-31T00:00:00Z"}])") << Status::Warn
                                << QByteArray("retired on 2027-01-31");
    QTest::newRow("retired") << QByteArray("m") << QByteArray(R"([{"id":"m","lifecycle":"retired"}])") << Status::Fail << QByteArray("is retired");
    QTest::newRow("without a price") << QByteArray("m") << QByteArray(R"([{"id":"m"}])") << Status::Warn << QByteArray("price of m is not known");
    QTest::newRow("a list of nonsense") << QByteArray("claude-sonnet-5-5") << QByteArray("7") << Status::Ok << QByteArray("could not be asked");
}

void DoctorTest::modelsAreLookedUp()
{
    QFETCH(const QByteArray, model);
    QFETCH(const QByteArray, listed);
    QFETCH(const QByteArray, says);
    Patient patient;
    patient.config.anthropicModel = model.toStdString();
    patient.api.enqueue(Step::json(200, Json{{"data", Json::parse(listed.toStdString())}}));
    const auto verdict = checkModels(patient.parts, {});
    QVERIFY(verdict);
    QTEST(verdict->status, "status");
    QVERIFY2(holds(verdict->detail, says.toStdString()), verdict->detail.c_str());
}

void DoctorTest::anEngineIsJudgedByWhatItCanConfine_data()
{
    QTest::addColumn<QByteArray>("info");
    QTest::addColumn<Status>("status");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("all there") << QByteArray(kInfo.c_str()) << Status::Ok << QByteArray("20.10.24");
    QTest::newRow("no seccomp") << QByteArray(R"({"ServerVersion":"1","SecurityOptions":["name=apparmor"]})") << Status::Fail << QByteArray("seccomp");
    QTest::newRow("no limit of memory") << QByteArray(R"({"ServerVersion":"1","MemoryLimit":false})") << Status::Fail << QByteArray("a limit of memory");
    QTest::newRow("no limit of processes") << QByteArray(R"({"ServerVersion":"1","PidsLimit":false})") << Status::Fail << QByteArray("a limit of processes");
    QTest::newRow("says little") << QByteArray("{}") << Status::Ok << QByteArray("API 1.41");
    QTest::newRow("a list") << QByteArray("[1]") << Status::Ok << QByteArray("API 1.41");
}

void DoctorTest::anEngineIsJudgedByWhatItCanConfine()
{
    QFETCH(const QByteArray, info);
    QFETCH(const QByteArray, says);
    Patient patient;
    FakeEngine engine({answer("200 OK", info.toStdString())});
    DockerClient client(engine.endpoint());
    patient.parts.engine = &client;
    const auto verdict = checkEngine(patient.parts, {});
    QVERIFY(verdict);
    QTEST(verdict->status, "status");
    QVERIFY2(holds(verdict->detail, says.toStdString()), verdict->detail.c_str());
}

void DoctorTest::aMissingAndADeafEngineHaveDifferentRemedies()
{
    Patient patient;
    const auto socket = patient.home.filePath(QStringLiteral("engine.sock"));
    DockerClient client(DockerEndpoint{.path = socket.toStdString()});
    patient.parts.engine = &client;
    const auto missing = checkEngine(patient.parts, {});
    QVERIFY(missing && missing->status == Status::Fail);
    QCOMPARE(missing->fixCommand.c_str(), "sudo apt install docker.io");

    QFile file(socket);
    QVERIFY(file.open(QIODevice::WriteOnly)); // there, but nobody listens
    const auto deaf = checkEngine(patient.parts, {});
    QVERIFY(deaf && deaf->status == Status::Fail);
    QCOMPARE(deaf->fixCommand.c_str(), "sudo systemctl start docker");
    QVERIFY(deaf->detail != missing->detail && deaf->remedy != missing->remedy);

    patient.parts.engine = nullptr;
    patient.parts.engineProblem = Error{ErrorCode::NotFound, "the Docker context blue is not there", {}, "Choose another."};
    const auto unknown = checkEngine(patient.parts, {});
    QVERIFY(unknown && unknown->status == Status::Fail && holds(unknown->detail, "blue"));
    QCOMPARE(unknown->remedy.c_str(), "Choose another.");
}

void DoctorTest::anOpenSocketIsANote()
{
    Patient patient;
    FakeEngine engine(std::vector(4, answer("200 OK", kInfo)));
    DockerClient client(engine.endpoint());
    patient.parts.engine = &client;
    using enum std::filesystem::perms;
    std::filesystem::permissions(engine.endpoint().path, owner_all | group_all | others_all);
    const auto open = checkEngine(patient.parts, {});
    QVERIFY(open && open->status == Status::Warn && holds(open->detail, "everybody on this machine"));
    std::filesystem::permissions(engine.endpoint().path, owner_all | group_all);
    const auto closed = checkEngine(patient.parts, {});
    QVERIFY(closed && closed->status == Status::Ok);
}

void DoctorTest::strictnessRefusesThinWalls_data()
{
    QTest::addColumn<QByteArray>("info");
    QTest::addColumn<bool>("isOpen"); // to everybody
    QTest::addColumn<QByteArray>("says"); // empty: nothing is wrong
    const auto row = [](const char* name, const char* info, bool isOpen, const char* says) { QTest::newRow(name) << QByteArray(info) << isOpen << QByteArray(says); };
    row("all well", R"({"ServerVersion": "24.0.7", "SecurityOptions": ["name=seccomp,profile=default"], "CgroupDriver": "systemd"})", false, "");
    row("an old engine", R"({"ServerVersion": "18.09.1", "SecurityOptions": ["name=seccomp"], "CgroupDriver": "cgroupfs"})", false, "version 18.09.1 is old");
    row("another engine counts from low", R"({"ServerVersion": "4.3.1", "SecurityOptions": ["name=seccomp"], "CgroupDriver": "systemd"})", false, "");
    row("no filter of system calls", R"({"ServerVersion": "24.0.7", "SecurityOptions": ["name=apparmor"], "CgroupDriver": "systemd"})", false, "seccomp");
    row("rootless without control groups", R"({"ServerVersion": "24.0.7", "SecurityOptions": ["name=seccomp", "name=rootless"], "CgroupDriver": "none"})", false, "control groups");
    row("no limit of processes", R"({"ServerVersion": "24.0.7", "SecurityOptions": ["name=seccomp"], "CgroupDriver": "systemd", "PidsLimit": false})", false, "a limit of processes");
    row("a socket for everybody", R"({"ServerVersion": "24.0.7", "SecurityOptions": ["name=seccomp"], "CgroupDriver": "systemd"})", true, "everybody on this machine");
}

/// E45: what the doctor warns of ends a run before it begins, where the user wants it so.
void DoctorTest::strictnessRefusesThinWalls()
{
    QFETCH(const QByteArray, info);
    QFETCH(const bool, isOpen);
    QFETCH(const QByteArray, says);
    FakeEngine engine({answer("200 OK", info.toStdString()), answer("200 OK", info.toStdString())});
    DockerClient client(engine.endpoint());
    using enum std::filesystem::perms;
    std::filesystem::permissions(engine.endpoint().path, isOpen ? owner_all | group_all | others_all : owner_all | group_all);
    const auto refused = refuseThinWalls(client, {});
    QCOMPARE(refused.has_value(), says.isEmpty());
    if (!refused) {
        QCOMPARE(refused.error().code, ErrorCode::Unauthorized);
        QVERIFY2(holds(refused.error().detail, says.toStdString()) && holds(refused.error().remedy, "doctor"), refused.error().detail.c_str());
    }
    Patient patient;
    patient.parts.engine = &client;
    const auto verdict = checkEngine(patient.parts, {}); // the doctor says the same, strict or not
    QVERIFY(verdict);
    QCOMPARE(verdict->status == Status::Ok, says.isEmpty());
}

void DoctorTest::theNetworkOfAgentsIsNamed()
{
    Patient patient;
    const auto look = [&](const char* network, std::vector<std::string> hosts) {
        patient.config.sandbox.network = network;
        patient.config.sandbox.allowedHosts = std::move(hosts);
        return withId(examine(patient.parts, {}), "network");
    };
    QCOMPARE(look("none", {}).status, Finding::Status::Ok);
    const auto list = look("allow-list", {"pypi.org:443"});
    QCOMPARE(list.status, Finding::Status::Ok);
    QVERIFY(holds(list.detail, "pypi.org:443"));
    QCOMPARE(look("allow-list", {"*.pypi.org:443"}).status, Finding::Status::Warn);
    QCOMPARE(look("allow-list", {}).status, Finding::Status::Fail);
    QCOMPARE(look("open", {}).status, Finding::Status::Warn);
    patient.config.sandbox.backend = "local";
    QVERIFY(holds(look("allow-list", {"pypi.org:443"}).detail, "no network"));
}

void DoctorTest::aMissingImageIsBuilt()
{
    Patient patient;
    FakeEngine engine({answer("404 Not Found", R"({"message":"No such image"})"), answer("500 Internal Server Error", R"({"message":"the disk is full"})")});
    DockerClient client(engine.endpoint());
    patient.parts.engine = &client;
    const auto verdict = checkImage(patient.parts, {});
    QVERIFY(verdict && verdict->status == Status::Fail);
    QCOMPARE(verdict->fixCommand.c_str(), "agent-pipeline sandbox build");
    const auto broken = checkImage(patient.parts, {});
    QVERIFY(!broken && holds(broken.error().text(), "the disk is full"));
}

void DoctorTest::anImageHasAnAgeAndARecipe()
{
    Patient patient;
    const auto made = [](std::chrono::hours ago, const char* labels) {
        return answer("200 OK", R"({"Id":"sha256:1","Size":1000000,"Created":")" + toIso8601(now() - ago) + R"(","Config":{"Labels":)" + labels + "}}");
    };
    FakeEngine engine({made(std::chrono::hours(24 * 89), "{}"), made(std::chrono::hours(24 * 92), "{}"),
                       made(std::chrono::hours(1), R"({"aap.kind":"image","aap.recipe":"another"})"), made(std::chrono::hours(24 * 92), "{}")});
    DockerClient client(engine.endpoint());
    patient.parts.engine = &client;
    const auto young = checkImage(patient.parts, {});
    QVERIFY(young && young->status == Status::Ok);
    const auto old = checkImage(patient.parts, {});
    QVERIFY(old && old->status == Status::Warn && holds(old->detail, "92 days old"));
    const auto other = checkImage(patient.parts, {});
    QVERIFY(other && other->status == Status::Warn && holds(other->detail, "another recipe"));
    patient.config.sandbox.imageMaxDays = 0;
    const auto whatever = checkImage(patient.parts, {});
    QVERIFY(whatever && whatever->status == Status::Ok);
}

void DoctorTest::freeSpaceIsJudged_data()
{
    QTest::addColumn<qulonglong>("megabytes");
    QTest::addColumn<Status>("status");
    QTest::newRow("full") << 0ULL << Status::Fail;
    QTest::newRow("nearly full") << 999ULL << Status::Fail;
    QTest::newRow("scarce") << 1000ULL << Status::Warn;
    QTest::newRow("still scarce") << 4999ULL << Status::Warn;
    QTest::newRow("enough") << 5000ULL << Status::Ok;
}

void DoctorTest::freeSpaceIsJudged()
{
    QFETCH(const qulonglong, megabytes);
    const auto verdict = diskVerdict("/somewhere", megabytes * 1'000'000);
    QTEST(verdict.status, "status");
    QVERIFY(holds(verdict.detail, "/somewhere"));
    QCOMPARE(verdict.remedy.empty(), verdict.status == Status::Ok);
}

void DoctorTest::littleMemoryIsANote()
{
    QVERIFY(memoryVerdict(4096, 2048).status == Status::Ok);
    const auto verdict = memoryVerdict(1024, 2048);
    QVERIFY(verdict.status == Status::Warn && holds(verdict.remedy, "sandbox.memory_mb"));
    QVERIFY(checkMemory(Patient().parts, {}));
}

void DoctorTest::aBrokenKeychainIsANote()
{
    Patient patient;
    MemorySecretStore keychain;
    keychain.broken = Error{ErrorCode::Unavailable, "there is no keyring", {}, "Use the environment."};
    patient.parts.keychain = &keychain;
    const auto findings = examine(patient.parts, {});
    const auto& finding = withId(findings, "keychain");
    QVERIFY(finding.status == Status::Warn);
    QCOMPARE(finding.detail.c_str(), "there is no keyring");
    QCOMPARE(finding.remedy.c_str(), "Use the environment.");
}

void DoctorTest::aFileIsNoWorkspace()
{
    Patient patient;
    QFile file(patient.home.filePath(QStringLiteral("file")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    for (const auto* path : {"file", "file/below"}) {
        patient.config.workspacePath = std::filesystem::path(patient.home.path().toStdString()) / path;
        const auto verdict = checkWorkspace(patient.parts, {});
        QVERIFY(!verdict);
        QVERIFY(holds(verdict.error().text(), "not a folder"));
        QVERIFY(holds(verdict.error().remedy, "workspace_path"));
    }
}

void DoctorTest::aWorkspaceIsLookedAtAndLeftAsItIs()
{
    namespace fs = std::filesystem;
    Patient patient;
    const auto verdict = checkWorkspace(patient.parts, {});
    QVERIFY(verdict && holds(verdict->detail, "will be made"));
    QVERIFY(!fs::exists(patient.config.workspacePath));

    fs::create_directory(patient.config.workspacePath);
    fs::permissions(patient.config.workspacePath, fs::perms(0755));
    QVERIFY(checkWorkspace(patient.parts, {}));
    QCOMPARE(int(fs::status(patient.config.workspacePath).permissions()), 0755);
}

void DoctorTest::aBrokenJournalFails()
{
    Patient patient;
    QFile file(QString::fromStdString((patient.folders.data / "journal.sqlite").string()));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    file.close();
    const auto findings = examine(patient.parts, {});
    QVERIFY(withId(findings, "journal").status == Status::Fail);
    QVERIFY(!withId(findings, "journal").detail.empty());
}

void DoctorTest::whatHangsIsReportedInTime()
{
    Patient patient;
    FakeEngine engine({{.bytes = {}, .staysOpen = true}, {.bytes = {}, .staysOpen = true}, {.bytes = {}, .staysOpen = true}});
    DockerClient client(engine.endpoint());
    patient.parts.engine = &client;
    patient.parts.patience = Milliseconds(500);
    const Stopwatch watch;
    const auto findings = examine(patient.parts, {});
    QVERIFY(watch.elapsed() < Milliseconds(5000)); // the client alone would wait for ten seconds
    QVERIFY(withId(findings, "docker").status == Status::Fail);
    QVERIFY(holds(withId(findings, "docker").detail, "no answer in time"));
}

void DoctorTest::theReportKeepsSecrets()
{
    Patient patient;
    patient.config.provider.customHeaders = "X-Secret: abcdefghijklmnopqrstuvwxyz";
    patient.parts.redactor = Redactor(secretsOf(patient.config));
    patient.parts.engineProblem = Error{ErrorCode::Invalid, "an address with " + kKey + " in it"};
    const auto json = doctorJson(examine(patient.parts, {}), patient.config);
    const auto text = json.dump();
    QVERIFY(!holds(text, kKey));
    QVERIFY(!holds(text, "abcdefghijklmnopqrstuvwxyz"));
    QCOMPARE(json["findings"].size(), 11U);
    QCOMPARE(json["findings"][2]["status"].get<std::string>().c_str(), "fail");
    QCOMPARE(json["settings"].size(), settings().size());
    QCOMPARE(json["settings"]["anthropic_api_key"]["value"].get<std::string>().c_str(), "…WXYZ");
    QCOMPARE(json["settings"]["anthropic_api_key"]["origin"].get<std::string>().c_str(), "environment ANTHROPIC_API_KEY");
    QCOMPARE(json["settings"]["max_iterations"]["value"].get<int>(), 20);
    QCOMPARE(json["settings"]["max_iterations"]["origin"].get<std::string>().c_str(), "default");
}

QTEST_GUILESS_MAIN(DoctorTest)
#include "tst_doctor.moc"
