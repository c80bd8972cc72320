#include "sandbox/docker/sandbox_image.h"

#include <QDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "fake_engine.h"

using namespace aap;
using namespace std::chrono_literals;

namespace {

/// Makes an archive of one file.
constexpr const char* kScript = R"(set -eu
echo "Step 1 of 1: packing"
echo "proxy ${http_proxy:-none}, key ${ANTHROPIC_API_KEY:-none}, folder $TMPDIR"
mkdir root
cp "$1" root/greeting
tar -C root -cf "$2" .
)";

ImageRecipe recipeWith(const std::string& script, const std::string& packages = "hello\n")
{
    return ImageRecipe::of({{"Dockerfile", "FROM debian:bookworm-slim\n"}, {"bootstrap-rootfs.sh", script}, {"packages.txt", packages}});
}

/// Gone, or a zombie that nobody has collected yet.
bool isDead(const std::string& pid)
{
    const auto state = readFile("/proc/" + pid + "/stat", 4096).value_or("");
    return state.empty() || state.find(") Z ") != std::string::npos;
}

FakeEngine::Answer json(const std::string& body)
{
    return {.bytes = httpAnswer("200 OK", body)};
}

const FakeEngine::Answer kNoImage{.bytes = httpAnswer("404 Not Found", R"({"message":"No such image"})")};
const FakeEngine::Answer kNoRegistry{.bytes = httpAnswer("500 Oops", R"({"message":"dial tcp: lookup registry: no such host"})")};

} // namespace

/// Imports with the engine of this machine; what would need a registry is played.
class SandboxImageTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void theScriptsArchiveBecomesTheImage();
    void anotherRecipeReplacesIt();
    void failuresSayWhatHappened_data();
    void failuresSayWhatHappened();
    void stoppingEndsTheScript_data();
    void stoppingEndsTheScript();
    void aNameThatIsNone_data();
    void aNameThatIsNone();
    void withoutARegistryTheScriptIsRun();
    void withARegistryTheDockerfileIsBuilt();
    void aStepThatFailsIsShown();
    void theBundledRecipeIsWhole();
    void aProfileHasItsPackages_data();
    void aProfileHasItsPackages();

private:
    Result<std::string> make(DockerClient& client, const ImageRecipe& recipe, bool bootstrapOnly = true);
    bool hasLine(const std::string& text) const;

    DockerClient m_client{DockerEndpoint{}};
    std::string m_reference;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<std::string> m_lines;
    std::function<void(std::string_view)> m_onLine;
    std::stop_source m_stop;
};

void SandboxImageTest::init()
{
    m_reference = "aap-" + newRunId() + "-image:1";
    m_folder = std::make_unique<QTemporaryDir>();
    m_lines.clear();
    m_onLine = {};
    m_stop = {};
}

void SandboxImageTest::cleanup()
{
    QVERIFY(QDir(m_folder->path()).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot));
    (void)m_client.call("DELETE", "/images/" + percentEncoded(m_reference), {}, {}).has_value();
    const auto left = sandboxImageInfo(m_client, m_reference, {});
    QVERIFY(left && !left->exists);
}

Result<std::string> SandboxImageTest::make(DockerClient& client, const ImageRecipe& recipe, bool bootstrapOnly)
{
    const auto onLine = [this](std::string_view line) {
        m_lines.emplace_back(line);
        if (m_onLine)
            m_onLine(line);
    };
    const Environment environment{{"TMPDIR", m_folder->path().toStdString()}, {"http_proxy", "http://proxy:1"}, {"ANTHROPIC_API_KEY", "secret"}};
    return makeSandboxImage(client, recipe, {.reference = m_reference, .bootstrapOnly = bootstrapOnly, .environment = environment}, onLine,
                            m_stop.get_token());
}

bool SandboxImageTest::hasLine(const std::string& text) const
{
    return std::ranges::any_of(m_lines, [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

void SandboxImageTest::theScriptsArchiveBecomesTheImage()
{
    const auto recipe = recipeWith(kScript);
    const auto id = make(m_client, recipe);
    QVERIFY2(id, id ? "" : id.error().text().c_str());
    QCOMPARE(m_lines.front(), std::string("Step 1 of 1: packing"));
    QVERIFY(hasLine("proxy http://proxy:1, key none, folder " + m_folder->path().toStdString() + "/agent-pipeline-image-"));

    const auto info = sandboxImageInfo(m_client, m_reference, {});
    QVERIFY(info && info->exists);
    QCOMPARE(info->id, *id);
    QCOMPARE(info->bytes, std::uint64_t(6));
    QVERIFY(now() - info->created < 60s);
    QVERIFY(info->matches(recipe));
    QVERIFY(!info->matches(recipeWith(kScript, "hello\ngit\n")));
    const auto seen = m_client.call("GET", "/images/" + percentEncoded(m_reference) + "/json", {}, {});
    QCOMPARE((*seen)["Config"]["WorkingDir"].get<std::string>(), std::string("/workspace"));
    QCOMPARE((*seen)["Config"]["Labels"].dump(), R"({"aap.app":"1","aap.kind":"image","aap.recipe":")" + recipe.id + "\"}");
}

void SandboxImageTest::anotherRecipeReplacesIt()
{
    const auto first = make(m_client, recipeWith(kScript));
    const auto changed = recipeWith(kScript, "hello\ngit\n");
    const auto second = make(m_client, changed);
    QVERIFY(first && second && *first != *second);
    QVERIFY(sandboxImageInfo(m_client, m_reference, {})->matches(changed));
    QVERIFY(!sandboxImageInfo(m_client, *first, {})->exists);
}

void SandboxImageTest::failuresSayWhatHappened_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("detail");
    QTest::addColumn<QByteArray>("remedy");
    QTest::newRow("the script's own words") << QByteArray("echo fetching; echo 'E: the mirror is gone' >&2; exit 1") << int(ErrorCode::Io)
                                            << QByteArray("exit code 1:\nfetching\nE: the mirror is gone") << QByteArray("mirror");
    QTest::newRow("a program is missing") << QByteArray("set -e; debootstrap-of-no-machine") << int(ErrorCode::NotFound)
                                          << QByteArray("debootstrap-of-no-machine: not found") << QByteArray("apt-get install debootstrap");
    QTest::newRow("not root") << QByteArray("exit 77") << int(ErrorCode::Unauthorized) << QByteArray("exit code 77") << QByteArray("sudo");
    QTest::newRow("killed") << QByteArray("kill -9 $$") << int(ErrorCode::Io) << QByteArray("was killed") << QByteArray();
    QTest::newRow("no archive") << QByteArray("exit 0") << int(ErrorCode::Io) << QByteArray("archive") << QByteArray();
    QTest::newRow("a spoilt archive") << QByteArray("head -c 700 /dev/urandom >\"$2\"") << int(ErrorCode::Unavailable) << QByteArray("tar")
                                      << QByteArray();
}

void SandboxImageTest::failuresSayWhatHappened()
{
    QFETCH(const QByteArray, script);
    QFETCH(const QByteArray, detail);
    QFETCH(const QByteArray, remedy);
    const auto id = make(m_client, recipeWith(script.toStdString()));
    QVERIFY(!id);
    QTEST(int(id.error().code), "code");
    QVERIFY2(id.error().detail.find(detail.toStdString()) != std::string::npos, id.error().detail.c_str());
    QVERIFY2(id.error().remedy.find(remedy.toStdString()) != std::string::npos, id.error().remedy.c_str());
}

void SandboxImageTest::stoppingEndsTheScript_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<int>("mostSeconds");
    QTest::newRow("it listens") << QByteArray("sleep 600 & echo $!; wait") << 2;
    QTest::newRow("it does not") << QByteArray("trap '' TERM; sleep 600 & echo $!; wait") << 6;
    QTest::newRow("its child does not") << QByteArray("sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' & wait") << 6;
}

void SandboxImageTest::stoppingEndsTheScript()
{
    QFETCH(const QByteArray, script);
    QFETCH(const int, mostSeconds);
    m_onLine = [this](std::string_view) { m_stop.request_stop(); };
    const Stopwatch watch;
    const auto id = make(m_client, recipeWith(script.toStdString()));
    QVERIFY(!id);
    QCOMPARE(int(id.error().code), int(ErrorCode::Stopped));
    QVERIFY(watch.elapsed() < std::chrono::seconds(mostSeconds));
    QCOMPARE(m_lines.size(), 1U);
    QTRY_VERIFY(isDead(m_lines[0]));
}

void SandboxImageTest::aNameThatIsNone_data()
{
    QTest::addColumn<QByteArray>("reference");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a query in disguise") << QByteArray("x&repo=other");
    QTest::newRow("no tag behind the colon") << QByteArray("image:");
    QTest::newRow("a space") << QByteArray("my image");
    QTest::newRow("only a tag") << QByteArray(":1");
}

void SandboxImageTest::aNameThatIsNone()
{
    QFETCH(const QByteArray, reference);
    const auto id = makeSandboxImage(m_client, recipeWith(kScript), {.reference = reference.toStdString()}, [](std::string_view) {}, {});
    QVERIFY(!id);
    QCOMPARE(int(id.error().code), int(ErrorCode::Invalid));
}

void SandboxImageTest::withoutARegistryTheScriptIsRun()
{
    FakeEngine fake({kNoImage, kNoRegistry, json("{\"status\":\"sha256:made\"}\n")});
    DockerClient client(fake.endpoint());
    const auto id = make(client, recipeWith(kScript), false);
    QVERIFY2(id, id ? "" : id.error().text().c_str());
    QCOMPARE(*id, std::string("sha256:made"));
    QVERIFY(hasLine("cannot be pulled (Docker: dial tcp: lookup registry: no such host)"));
    QVERIFY(hasLine("Step 1 of 1: packing"));
    QVERIFY(fake.requests().back().starts_with("POST /v1.41/images/create?fromSrc=-&repo="));
}

void SandboxImageTest::withARegistryTheDockerfileIsBuilt()
{
    const auto recipe = recipeWith("exit 1");
    FakeEngine fake({kNoImage, json("{\"status\":\"Pull complete\"}\n"),
                     json("{\"stream\":\"Step 1/1 : FROM\"}\n{\"stream\":\" debian\\n\"}\n{\"aux\":{\"ID\":\"sha256:built\"}}\n")});
    DockerClient client(fake.endpoint());
    const auto id = make(client, recipe, false);
    QVERIFY2(id, id ? "" : id.error().text().c_str());
    QCOMPARE(*id, std::string("sha256:built"));
    QCOMPARE(m_lines, (std::vector<std::string>{"Pulling debian:bookworm-slim", "Step 1/1 : FROM debian"}));
    const auto asked = fake.requests();
    QVERIFY(asked[2].starts_with("POST /v1.41/images/create?fromImage=debian&tag=bookworm-slim"));
    QVERIFY(asked[3].starts_with("POST /v1.41/build?t=" + percentEncoded(m_reference)));
    QVERIFY(asked[3].find(percentEncoded(R"("aap.recipe":")" + recipe.id)) != std::string::npos);
    QVERIFY(asked[3].find("FROM debian:bookworm-slim\n") != std::string::npos);
}

void SandboxImageTest::aStepThatFailsIsShown()
{
    FakeEngine fake({kNoImage, json("{\"status\":\"Pull complete\"}\n"),
                     json("{\"stream\":\"Err:1 deb.debian.org\\n\"}\n{\"errorDetail\":{\"message\":\"returned a non-zero code: 100\"}}\n")});
    DockerClient client(fake.endpoint());
    const auto id = make(client, recipeWith(kScript), false);
    QVERIFY(!id);
    QVERIFY(id.error().detail.find("code: 100\nErr:1 deb.debian.org") != std::string::npos);
    QVERIFY(id.error().remedy.find("--bootstrap") != std::string::npos);
}

void SandboxImageTest::theBundledRecipeIsWhole()
{
    const auto recipe = bundledImageRecipe();
    QVERIFY2(recipe, recipe ? "" : recipe.error().text().c_str());
    QCOMPARE(recipe->files.size(), 3U);
    QCOMPARE(recipe->id.size(), 64U);
    QVERIFY(recipe->files.at("packages.txt").find("\npython3\n") != std::string::npos);
    QCOMPARE(profileOfRecipe(recipe->id), std::string("full"));
    QCOMPARE(profileOfRecipe("another"), std::string());
    QVERIFY(!bundledImageRecipe("ruby"));
}

void SandboxImageTest::aProfileHasItsPackages_data()
{
    QTest::addColumn<QByteArray>("profile");
    QTest::addColumn<QByteArray>("has");
    QTest::addColumn<QByteArray>("lacks");
    QTest::newRow("base") << QByteArray("base") << QByteArray("bats git python3 shellcheck") << QByteArray("g++ nodejs python3-pytest");
    QTest::newRow("python") << QByteArray("python") << QByteArray("git python3-pytest bandit") << QByteArray("g++ nodejs");
    QTest::newRow("node") << QByteArray("node") << QByteArray("git nodejs") << QByteArray("g++ python3-pytest");
    QTest::newRow("cpp") << QByteArray("cpp") << QByteArray("git g++ cmake gcovr cppcheck") << QByteArray("nodejs python3-pytest");
    QTest::newRow("full") << QByteArray("full") << QByteArray("git g++ nodejs python3-pytest bats") << QByteArray();
}

void SandboxImageTest::aProfileHasItsPackages()
{
    QFETCH(const QByteArray, profile);
    QFETCH(const QByteArray, has);
    QFETCH(const QByteArray, lacks);
    const auto recipe = bundledImageRecipe(profile.toStdString());
    QVERIFY(recipe);
    QCOMPARE(profileOfRecipe(recipe->id), profile.toStdString());
    QStringList packages;
    for (const auto& line : QString::fromStdString(recipe->files.at("packages.txt")).split(u'\n'))
        packages << line.section(u'#', 0, 0).trimmed();
    for (const auto& name : has.split(' '))
        QVERIFY2(packages.contains(QString::fromLatin1(name)), name.constData());
    for (const auto& name : lacks.split(' '))
        QVERIFY2(name.isEmpty() || !packages.contains(QString::fromLatin1(name)), name.constData());
}

QTEST_GUILESS_MAIN(SandboxImageTest)
#include "tst_sandbox_image.moc"
