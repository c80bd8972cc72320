#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <thread>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/store/bundle.h"
#include "core/store/sbom.h"
#include "core/store/zip_file.h"
#include "tests/support/memory_secret_store.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

constexpr auto kRun = "20261124-120000-abcdef";

struct Packed {
    std::string name{};
    std::string content{};
    bool isLink = false;
};

std::vector<Packed> unpacked(const fs::path& zip)
{
    const std::unique_ptr<archive, int (*)(archive*)> opened(archive_read_new(), &archive_read_free);
    archive_read_support_format_zip(opened.get());
    std::vector<Packed> all;
    if (archive_read_open_filename(opened.get(), zip.c_str(), 1U << 16U) != ARCHIVE_OK)
        return all;
    for (archive_entry* entry = nullptr; archive_read_next_header(opened.get(), &entry) == ARCHIVE_OK;) {
        Packed packed{.name = archive_entry_pathname(entry), .isLink = archive_entry_filetype(entry) == AE_IFLNK};
        if (packed.isLink) {
            packed.content = archive_entry_symlink(entry);
        } else {
            packed.content.resize(std::size_t(archive_entry_size(entry)));
            if (archive_read_data(opened.get(), packed.content.data(), packed.content.size()) != la_ssize_t(packed.content.size()))
                return {};
        }
        all.push_back(std::move(packed));
    }
    return all;
}

bool pack(const fs::path& zip, const std::vector<Packed>& all)
{
    ZipFile file(zip);
    for (const auto& packed : all)
        if (!(packed.isLink ? file.addLink(packed.name, packed.content, 0) : file.addFile(packed.name, packed.content, 0)))
            return false;
    return bool(file.complete());
}

} // namespace

/// A run to hand on, and what somebody may do to it on the way.
class BundleTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void aBundleIsGoodAsItWasMade();
    void whatIsDoneToItIsFound_data();
    void whatIsDoneToItIsFound();
    void anotherKeyIsAnotherKey();
    void whatIsNoBundleIsSaid();
    void changedResultsAreNotSigned();
    void nothingIsOverwritten();
    void theKeyIsItsOwnersAlone();
    void theKeychainHasTheSecretHalf();
    void aKeyInAFileMovesToTheKeychain();
    void whoeverMakesAKeyAtOnceGetsTheSame();
    void anSbomListsWhatManifestsDeclare();

private:
    fs::path at(const std::string& below) const { return m_root / below; }
    Result<std::size_t> bundle(const std::string& name) { return writeBundle({.output = at("out") / kRun, .runId = kRun, .title = "Todo", .target = at(name)}, *m_key); }

    std::unique_ptr<QTemporaryDir> m_folder;
    fs::path m_root;
    std::unique_ptr<SigningKey> m_key;
};

void BundleTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_root = m_folder->path().toStdString();
    m_key = std::make_unique<SigningKey>(*SigningKey::open(at("data/signing.key")));
    QVERIFY(writeFileAtomically(at("ws/repo/main.py"), "print(1)\n") && writeFileAtomically(at("ws/repo/requirements.txt"), "flask>=2.0\n"));
    fs::create_symlink("main.py", at("ws/repo/link"));
    auto output = OutputFolder::create(at("out"), kRun);
    RunState state;
    state.id = kRun;
    state.started.title = "Todo";
    state.ending = RunEnding::Completed;
    QVERIFY(writeFileAtomically(at("out") / kRun / "snapshots.git/HEAD", "ref: refs/heads/main\n"));
    const auto finished = output->finish({.state = state, .events = {}, .requirements = Json(), .workspace = *Folder::open(at("ws"))});
    QVERIFY2(finished, finished ? "" : finished.error().text().c_str());
}

void BundleTest::aBundleIsGoodAsItWasMade()
{
    const auto count = bundle("run.zip");
    QVERIFY2(count, count ? "" : count.error().text().c_str());
    const auto found = verifyBundle(at("run.zip"));
    QVERIFY2(found, found ? "" : found.error().text().c_str());
    QVERIFY(found->isGood());
    QCOMPARE(found->files.intact, *count);
    QCOMPARE(found->runId, std::string(kRun));
    QCOMPARE(found->publicKey, m_key->publicKey());
    std::set<std::string> names;
    for (const auto& packed : unpacked(at("run.zip")))
        names.insert(packed.name.substr(packed.name.find('/') + 1));
    for (const auto* name : {"journal.jsonl", "REPORT.html", "REPORT.md", "run.json", "workspace/main.py", "workspace/link", "reports/sbom.cdx.json", "BUNDLE.json", "BUNDLE.sig.json", "MANIFEST.json"})
        QVERIFY2(names.contains(name), name);
    QVERIFY(std::ranges::none_of(names, [](const std::string& name) { return name.starts_with("snapshots.git"); }));
}

void BundleTest::whatIsDoneToItIsFound_data()
{
    QTest::addColumn<int>("deed");
    QTest::addColumn<QByteArray>("changed");
    QTest::addColumn<QByteArray>("missing");
    QTest::addColumn<QByteArray>("extra");
    QTest::addColumn<bool>("isSigned");
    const auto row = [](const char* name, int deed, const char* changed, const char* missing, const char* extra, bool isSigned) {
        QTest::newRow(name) << deed << QByteArray(changed) << QByteArray(missing) << QByteArray(extra) << isSigned;
    };
    row("a byte is changed", 0, "workspace/main.py", "", "", true);
    row("a file is gone", 1, "", "workspace/main.py", "", true);
    row("a file is new", 2, "", "", "workspace/new.py", true);
    row("a file is there twice", 3, "", "", "workspace/main.py", true);
    row("a file lies elsewhere", 4, "", "", "../../etc/cron.d/x", true);
    row("a link leads elsewhere", 5, "workspace/link", "", "", true);
    row("the list says otherwise", 6, "", "", "", false);
    row("the signature is another's", 7, "", "", "", false);
    row("the signature is gone", 8, "", "", "", false);
}

void BundleTest::whatIsDoneToItIsFound()
{
    QFETCH(const int, deed);
    QFETCH(const QByteArray, changed);
    QFETCH(const QByteArray, missing);
    QFETCH(const QByteArray, extra);
    QFETCH(const bool, isSigned);
    QVERIFY(bundle("run.zip"));
    auto all = unpacked(at("run.zip"));
    const std::string folder = std::string(kRun) + "/";
    const auto named = [&](const std::string& name) { return std::ranges::find(all, folder + name, &Packed::name); };
    QVERIFY(named("workspace/main.py") != all.end());
    switch (deed) {
    case 0: named("workspace/main.py")->content[0] = 'P'; break;
    case 1: all.erase(named("workspace/main.py")); break;
    case 2: all.push_back({folder + "workspace/new.py", "x"}); break;
    case 3: all.push_back(*named("workspace/main.py")); break;
    case 4: all.push_back({"../../etc/cron.d/x", "x"}); break;
    case 5: named("workspace/link")->content = "/etc/passwd"; break;
    case 6: named("BUNDLE.json")->content += ' '; break;
    case 7: {
        auto signature = Json::parse(named("BUNDLE.sig.json")->content);
        signature["signature"] = m_key->sign("something else");
        named("BUNDLE.sig.json")->content = signature.dump();
        break;
    }
    default: all.erase(named("BUNDLE.sig.json")); break;
    }
    QVERIFY(pack(at("other.zip"), all));
    const auto found = verifyBundle(at("other.zip"));
    QVERIFY2(found, found ? "" : found.error().text().c_str());
    QVERIFY(!found->isGood());
    QCOMPARE(found->isSigned, isSigned);
    const auto only = [](const QByteArray& name) { return name.isEmpty() ? std::vector<std::string>() : std::vector<std::string>{name.toStdString()}; };
    QCOMPARE(found->files.changed, only(changed));
    QCOMPARE(found->files.missing, only(missing));
    QCOMPARE(found->files.extra, only(extra));
}

/// Who signs a falsified list anew is found out by the key.
void BundleTest::anotherKeyIsAnotherKey()
{
    QVERIFY(bundle("run.zip"));
    const auto other = SigningKey::open(at("elsewhere/signing.key"));
    QVERIFY(writeBundle({.output = at("out") / kRun, .runId = kRun, .title = "Todo", .target = at("other.zip")}, *other));
    const auto found = verifyBundle(at("other.zip"));
    QVERIFY(found->isGood());
    QVERIFY(found->publicKey != m_key->publicKey());
    QVERIFY(fingerprintOf(found->publicKey) != fingerprintOf(m_key->publicKey()));
    QVERIFY(!isSignedBy(m_key->publicKey(), "x", other->sign("x")));
    QVERIFY(isSignedBy(other->publicKey(), "x", other->sign("x")));
    QVERIFY(!isSignedBy("no key", "x", other->sign("x")));
}

void BundleTest::whatIsNoBundleIsSaid()
{
    QVERIFY(writeFileAtomically(at("text.zip"), "not a zip file at all"));
    QVERIFY(pack(at("plain.zip"), {{"a/b", "c"}}));
    QVERIFY(pack(at("list.zip"), {{"a/BUNDLE.json", R"({"schema": "aap/bundle/1", "run_id": "b", "files": 5})"}}));
    for (const auto* name : {"text.zip", "plain.zip", "list.zip", "nothing.zip"}) {
        const auto found = verifyBundle(at(name));
        QVERIFY2(!found, name);
        QCOMPARE(found.error().code, ErrorCode::Invalid);
    }
}

void BundleTest::changedResultsAreNotSigned()
{
    std::ofstream(at("out") / kRun / "workspace/main.py") << "print(2)\n";
    const auto refused = bundle("run.zip");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Invalid);
    QVERIFY(refused.error().text().find("1 changed") != std::string::npos);
    QVERIFY(!fs::exists(at("run.zip")));
}

void BundleTest::nothingIsOverwritten()
{
    QVERIFY(writeFileAtomically(at("run.zip"), "mine"));
    QCOMPARE(bundle("run.zip").error().code, ErrorCode::Invalid);
    QCOMPARE(*readFile(at("run.zip")), std::string("mine"));
}

void BundleTest::theKeyIsItsOwnersAlone()
{
    const auto file = at("data/signing.key");
    struct stat status {};
    QCOMPARE(::stat(file.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QCOMPARE(SigningKey::open(file)->publicKey(), m_key->publicKey());
    fs::permissions(file, fs::perms(0644));
    QCOMPARE(SigningKey::open(file).error().code, ErrorCode::Unauthorized);
    fs::permissions(file, fs::perms(0600));
    fs::create_symlink(file, at("data/link.key"));
    QCOMPARE(SigningKey::open(at("data/link.key")).error().code, ErrorCode::Unauthorized);
    QVERIFY(writeFileAtomically(file, "not a key\n", FileMode::Private));
    QCOMPARE(SigningKey::open(file).error().code, ErrorCode::Invalid);
}

void BundleTest::theKeychainHasTheSecretHalf()
{
    MemorySecretStore keychain;
    const auto file = at("kept/signing.key");
    const auto made = SigningKey::open(file, &keychain);
    QVERIFY2(made, made ? "" : made.error().text().c_str());
    QCOMPARE(keychain.secrets.size(), 1U);
    const auto line = *readFile(file);
    QCOMPARE(line, "keychain " + made->publicKey() + "\n");
    QVERIFY(line.find(keychain.secrets.begin()->second.reveal()) == std::string::npos);
    QCOMPARE(SigningKey::open(file, &keychain)->publicKey(), made->publicKey());
    QVERIFY(isSignedBy(made->publicKey(), "x", SigningKey::open(file, &keychain)->sign("x")));
    QCOMPARE(*SigningKey::publicKeyIn(file), made->publicKey()); // nobody is asked

    for (auto* broken : {static_cast<MemorySecretStore*>(nullptr), &keychain}) { // no second key is made in silence
        keychain.broken = Error{ErrorCode::Unavailable, "no keyring"};
        const auto refused = SigningKey::open(file, broken);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unavailable);
        QVERIFY2(refused.error().remedy.find(file.string()) != std::string::npos, refused.error().remedy.c_str());
    }
    keychain.broken.reset();
    keychain.secrets.begin()->second = ApiKey("bm90IHRoZSBzYW1lIGtleSBhdCBhbGwsIGFueW1vcmU=");
    QCOMPARE(SigningKey::open(file, &keychain).error().code, ErrorCode::Invalid);
}

void BundleTest::aKeyInAFileMovesToTheKeychain()
{
    MemorySecretStore keychain;
    const auto file = at("data/signing.key");
    const auto secret = *readFile(file);
    keychain.broken = Error{ErrorCode::Unavailable, "no keyring"};
    QCOMPARE(SigningKey::open(file, &keychain)->publicKey(), m_key->publicKey());
    QCOMPARE(*readFile(file), secret); // it stays while no keychain answers
    QCOMPARE(*SigningKey::publicKeyIn(file), m_key->publicKey());
    keychain.broken.reset();
    QCOMPARE(SigningKey::open(file, &keychain)->publicKey(), m_key->publicKey());
    QCOMPARE(*readFile(file), "keychain " + m_key->publicKey() + "\n");
    QCOMPARE(SigningKey::open(file, &keychain)->publicKey(), m_key->publicKey());
    struct stat status {};
    QCOMPARE(::stat(file.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
}

/// Whoever is second takes the key of whoever was first.
void BundleTest::whoeverMakesAKeyAtOnceGetsTheSame()
{
    std::vector<std::string> keys(16);
    std::vector<std::jthread> threads;
    for (auto& key : keys)
        threads.emplace_back([this, &key] {
            if (const auto opened = SigningKey::open(at("shared/signing.key")))
                key = opened->publicKey();
        });
    threads.clear();
    for (const auto& key : keys)
        QCOMPARE(key, *SigningKey::publicKeyIn(at("shared/signing.key")));
    QCOMPARE(std::distance(fs::directory_iterator(at("shared")), fs::directory_iterator()), std::ptrdiff_t(1));
}

void BundleTest::anSbomListsWhatManifestsDeclare()
{
    QVERIFY(writeFileAtomically(at("ws/repo/web/package.json"), R"({"dependencies": {"@scope/left": "1.2.3", "right": "^4"}, "devDependencies": {"jest": "29.0.0"}})"));
    QVERIFY(writeFileAtomically(at("ws/repo/node_modules/right/package.json"), R"({"dependencies": {"hidden": "1"}})"));
    const auto sbom = projectSbom(*Folder::open(at("ws/repo")), "Todo", kRun);
    QCOMPARE(sbom["bomFormat"].get<std::string>(), std::string("CycloneDX"));
    QCOMPARE(sbom["specVersion"].get<std::string>(), std::string("1.5"));
    QVERIFY(QRegularExpression(QStringLiteral("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")).match(QString::fromStdString(sbom["serialNumber"].get<std::string>())).hasMatch());
    QCOMPARE(sbom["metadata"]["component"]["name"].get<std::string>(), std::string("Todo"));
    std::map<std::string, Json> named;
    for (const auto& component : sbom["components"])
        named[component["name"].get<std::string>()] = component;
    QCOMPARE(named.size(), 4U);
    const auto& flask = named.at("flask");
    QCOMPARE(flask["type"].get<std::string>(), std::string("library"));
    QCOMPARE(flask["purl"].get<std::string>(), std::string("pkg:pypi/flask"));
    QCOMPARE(flask["scope"].get<std::string>(), std::string("required"));
    QVERIFY(!flask.contains("version")); // a range is no version
    QVERIFY2(flask["properties"].dump().find(">=2.0") != std::string::npos && flask["properties"].dump().find("requirements.txt") != std::string::npos, flask.dump().c_str());
    QCOMPARE(named.at("@scope/left")["purl"].get<std::string>(), std::string("pkg:npm/%40scope/left@1.2.3"));
    QCOMPARE(named.at("@scope/left")["version"].get<std::string>(), std::string("1.2.3"));
    QVERIFY(!named.at("right").contains("version"));
    QCOMPARE(named.at("jest")["scope"].get<std::string>(), std::string("excluded"));
    QCOMPARE(sbom["dependencies"][0]["dependsOn"].size(), 4U);
}

QTEST_GUILESS_MAIN(BundleTest)
#include "tst_bundle.moc"
