#include "core/config/project_secrets.h"

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/redact.h"

using namespace aap;

class ProjectSecretsTest : public QObject {
    Q_OBJECT
private slots:
    void sources_data();
    void sources();
    void whatTheSettingMayBe_data();
    void whatTheSettingMayBe();
    void valuesComeFromTheirPlaces();
    void whatIsMissingIsNamedAndNeverShown_data();
    void whatIsMissingIsNamedAndNeverShown();
    void textsAreHiddenByTheLine();
};

void ProjectSecretsTest::sources_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("a variable") << QByteArray("DB_PASSWORD=env:DATABASE_PASSWORD") << true;
    QTest::newRow("a file") << QByteArray("tls.key=file:/home/me/a key.pem") << true;
    QTest::newRow("the keychain") << QByteArray("TOKEN=keychain") << true;
    QTest::newRow("a value") << QByteArray("TOKEN=hunter2hunter2") << false;
    QTest::newRow("no name") << QByteArray("=keychain") << false;
    QTest::newRow("a path as a name") << QByteArray("../x=keychain") << false;
    QTest::newRow("a hidden name") << QByteArray(".x=keychain") << false;
    QTest::newRow("a slash") << QByteArray("a/b=keychain") << false;
    QTest::newRow("an option") << QByteArray("-x=keychain") << false;
    QTest::newRow("a relative path") << QByteArray("A=file:key.pem") << false;
    QTest::newRow("no variable") << QByteArray("A=env:") << false;
    QTest::newRow("a variable with an equals sign") << QByteArray("A=env:B=C") << false;
    QTest::newRow("a line") << QByteArray("A=file:/x\ny") << false;
    QTest::newRow("another place") << QByteArray("A=vault:x") << false;
    QTest::newRow("nothing") << QByteArray() << false;
    QTest::newRow("a long name") << QByteArray(65, 'A') + "=keychain" << false;
}

void ProjectSecretsTest::sources()
{
    QFETCH(const QByteArray, text);
    const auto source = SecretSource::parse(text.toStdString());
    QTEST(source.has_value(), "accepted");
    if (source)
        QCOMPARE(source->text(), text.toStdString());
}

void ProjectSecretsTest::whatTheSettingMayBe_data()
{
    QTest::addColumn<QByteArray>("entries");
    QTest::addColumn<QByteArray>("wrong"); // empty: nothing
    QTest::newRow("none") << QByteArray("[]") << QByteArray();
    QTest::newRow("two") << QByteArray(R"(["A=keychain", "B=env:B"])") << QByteArray();
    QTest::newRow("a value") << QByteArray(R"(["A=my-secret-value"])") << QByteArray("never a value itself");
    QTest::newRow("twice") << QByteArray(R"(["A=keychain", "A=env:B"])") << QByteArray("A twice");
}

void ProjectSecretsTest::whatTheSettingMayBe()
{
    QFETCH(const QByteArray, entries);
    QFETCH(const QByteArray, wrong);
    const auto said = wrongWithSecretSources(Json::parse(entries.toStdString()));
    QVERIFY2(wrong.isEmpty() ? said.empty() : said.find(wrong.toStdString()) != std::string::npos, said.c_str());
    QVERIFY(said.find("my-secret-value") == std::string::npos);
}

void ProjectSecretsTest::valuesComeFromTheirPlaces()
{
    const QTemporaryDir folder;
    const auto file = folder.path().toStdString() + "/key";
    QVERIFY(writeFileAtomically(file, "  first line\nsecond line\n"));
    const auto secrets = readProjectSecrets({"A=env:HERE", "B=file:" + file, "C=keychain"}, {{"HERE", "from-environment"}}, [](const std::string& account) -> Result<ApiKey> {
        return account == "secret.C" ? Result<ApiKey>(ApiKey("from-keychain")) : Result<ApiKey>(Error{ErrorCode::NotFound, account});
    });
    QVERIFY2(secrets, secrets ? "" : secrets.error().text().c_str());
    QCOMPARE(secrets->size(), 3U);
    QCOMPARE(secrets->at("A").reveal(), std::string("from-environment"));
    QCOMPARE(secrets->at("B").reveal(), std::string("first line\nsecond line"));
    QCOMPARE(secrets->at("C").reveal(), std::string("from-keychain"));
    QCOMPARE(withSecretSource({"A=env:X", "AB=keychain"}, "A", "A=keychain"), (std::vector<std::string>{"AB=keychain", "A=keychain"}));
    QCOMPARE(withSecretSource({"A=env:X", "AB=keychain"}, "A", {}), std::vector<std::string>{"AB=keychain"});
}

void ProjectSecretsTest::whatIsMissingIsNamedAndNeverShown_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QByteArray>("said");
    QTest::newRow("no such variable") << QByteArray("A=env:ABSENT") << QByteArray("ABSENT is not set");
    QTest::newRow("no such file") << QByteArray("A=file:/nowhere/at/all") << QByteArray("/nowhere/at/all");
    QTest::newRow("no keychain") << QByteArray("A=keychain") << QByteArray("keychain is not asked");
    QTest::newRow("too short to hide") << QByteArray("A=env:SHORT") << QByteArray("fewer than 8");
}

void ProjectSecretsTest::whatIsMissingIsNamedAndNeverShown()
{
    QFETCH(const QByteArray, source);
    QFETCH(const QByteArray, said);
    const auto secrets = readProjectSecrets({source.toStdString()}, {{"SHORT", "abc4567"}}, {});
    QVERIFY(!secrets);
    const auto text = secrets.error().text() + ' ' + secrets.error().remedy;
    QVERIFY2(text.find(said.toStdString()) != std::string::npos && text.find("secret A") != std::string::npos, text.c_str());
    QVERIFY(text.find("abc4567") == std::string::npos);
    QVERIFY(!secrets.error().remedy.empty());
}

void ProjectSecretsTest::textsAreHiddenByTheLine()
{
    const ProjectSecrets secrets{{"KEY", ApiKey("-----first long line of it-----\nshort\nanother quite long line")}, {"TOKEN", ApiKey("tok-12345678")}};
    const Redactor redact(textsToHide(secrets));
    const auto shown = redact("it says: another quite long line, and tok-12345678, and short");
    QVERIFY2(shown.find("another quite") == std::string::npos && shown.find("tok-12345678") == std::string::npos, shown.c_str());
    QVERIFY(shown.ends_with("and short"));
}

QTEST_GUILESS_MAIN(ProjectSecretsTest)
#include "tst_project_secrets.moc"
