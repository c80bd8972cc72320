#include <algorithm>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/config/edit_config.h"

using namespace aap;

namespace {

const Setting& settingNamed(std::string_view key)
{
    return *std::ranges::find(settings(), key, &Setting::key);
}

} // namespace

/// One setting of a configuration file is changed; nothing else is.
class EditConfigTest : public QObject {
    Q_OBJECT

private slots:
    void texts_data();
    void texts();
    void refusals_data();
    void refusals();
    void aNewFileIsForItsOwnerAlone();
    void aLinkStaysALink();
    void whatWasThereComesBack();
};

void EditConfigTest::texts_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value"); // empty: taken out
    QTest::addColumn<QByteArray>("after"); // without white space
    QTest::newRow("no file") << QByteArray() << QByteArray("max_iterations") << QByteArray("9") << QByteArray(R"({"max_iterations":9})");
    QTest::newRow("a group is made") << QByteArray("{}") << QByteArray("budget.run_usd") << QByteArray("2.5") << QByteArray(R"({"budget":{"run_usd":2.5}})");
    QTest::newRow("order and comments stay") << QByteArray(R"({"_a": 1, "max_iterations": 5, "budget": {"_b": "x", "run_usd": 1}})") << QByteArray("max_iterations")
                                             << QByteArray("6") << QByteArray(R"({"_a":1,"max_iterations":6,"budget":{"_b":"x","run_usd":1}})");
    QTest::newRow("taken out") << QByteArray(R"({"max_iterations": 5, "budget": {"run_usd": 1}})") << QByteArray("budget.run_usd") << QByteArray()
                               << QByteArray(R"({"max_iterations":5,"budget":{}})");
    QTest::newRow("was not there") << QByteArray("{}") << QByteArray("budget.run_usd") << QByteArray() << QByteArray("{}");
}

void EditConfigTest::texts()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, value);
    QFETCH(const QByteArray, after);
    const auto edited = withSetting(before.toStdString(), settingNamed(key.toStdString()), value.isEmpty() ? std::nullopt : std::optional(Json::parse(value.toStdString())));
    QVERIFY2(bool(edited), edited ? "" : edited.error().text().c_str());
    QCOMPARE(QByteArray::fromStdString(Json::parse(*edited).dump()), after);
}

void EditConfigTest::refusals_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("out of range") << QByteArray("{}") << QByteArray("max_iterations") << QByteArray("0");
    QTest::newRow("wrong type") << QByteArray("{}") << QByteArray("max_iterations") << QByteArray("\"9\"");
    QTest::newRow("what the rule cannot say") << QByteArray("{}") << QByteArray("provider.base_url") << QByteArray("\"ftp://x\"");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("max_iterations") << QByteArray("9");
    QTest::newRow("no object") << QByteArray("[]") << QByteArray("max_iterations") << QByteArray("9");
    QTest::newRow("a group that is none") << QByteArray(R"({"budget": 7})") << QByteArray("budget.run_usd") << QByteArray("9");
}

void EditConfigTest::refusals()
{
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, value);
    QVERIFY(!withSetting(before.toStdString(), settingNamed(key.toStdString()), Json::parse(value.toStdString())));
}

void EditConfigTest::aNewFileIsForItsOwnerAlone()
{
    QTemporaryDir folder;
    const ConfigSources sources{.configFolder = folder.path().toStdString()};
    QCOMPARE(editedConfigFile(sources), sources.configFolder / "config.json");
    const auto edited = editConfig(sources, settingNamed("max_iterations"), Json(9));
    QVERIFY(bool(edited) && !edited->before);
    using std::filesystem::perms;
    QCOMPARE(std::filesystem::status(edited->file).permissions(), perms::owner_read | perms::owner_write);
    QCOMPARE(loadConfig(sources)->maxIterations, 9);
    QVERIFY(undoEdit(*edited));
    QVERIFY(!std::filesystem::exists(edited->file));
}

void EditConfigTest::aLinkStaysALink()
{
    QTemporaryDir folder;
    QTemporaryDir elsewhere;
    const std::filesystem::path link = folder.filePath(QStringLiteral("config.json")).toStdString();
    const std::filesystem::path real = elsewhere.filePath(QStringLiteral("dotfile.json")).toStdString();
    QVERIFY(writeFileAtomically(real, "{}"));
    std::filesystem::create_symlink(real, link);
    QVERIFY(editConfig({.configFolder = folder.path().toStdString()}, settingNamed("max_iterations"), Json(9)));
    QVERIFY(std::filesystem::is_symlink(link));
    QVERIFY(readFile(real)->find("max_iterations") != std::string::npos);
}

void EditConfigTest::whatWasThereComesBack()
{
    QTemporaryDir folder;
    const ConfigSources sources{.configFolder = folder.path().toStdString()};
    const std::string before = R"({"max_iterations":   5})";
    QVERIFY(writeFileAtomically(sources.configFolder / "config.json", before));
    const auto edited = editConfig(sources, settingNamed("max_iterations"), Json(9));
    QVERIFY(bool(edited));
    QVERIFY(undoEdit(*edited));
    QCOMPARE(*readFile(edited->file), before);
}

QTEST_GUILESS_MAIN(EditConfigTest)
#include "tst_edit_config.moc"
