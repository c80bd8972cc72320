#include <QTest>

#include "core/agent/tools/manifests.h"

using namespace aap;

class ManifestsTest : public QObject {
    Q_OBJECT

private slots:
    void manifests_data();
    void manifests();
    void whatIsNoManifestIsNotRead();
};

void ManifestsTest::manifests_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("dependencies"); // "kind name version; …"
    const auto row = [](const char* file, const char* text, const char* dependencies) { QTest::newRow(file) << QByteArray(file) << QByteArray(text) << QByteArray(dependencies); };
    row("package.json", R"({"dependencies": {"express": "^4.18.0"}, "devDependencies": {"jest": "29.0.0"}})", "runtime express ^4.18.0; development jest 29.0.0");
    row("requirements.txt", "# comment\nflask==2.0.1\nrequests[socks] >= 2.0 ; python_version > '3'\n-r other.txt\npytest\n", "runtime flask ==2.0.1; runtime requests >= 2.0; runtime pytest ");
    row("requirements-dev.txt", "pytest>=7\n", "development pytest >=7");
    row("pyproject.toml",
        "[build-system]\nrequires = [\"setuptools>=61\"]\n\n[project]\nname = \"x\"\ndependencies = [\n  \"requests[socks]>=2\",\n  'click',\n]\n\n[project.optional-dependencies]\ntest = [\"pytest\"]\n"
        "[tool.poetry.dependencies]\npython = \"^3.10\"\nhttpx = {version = \"0.24\", extras = [\"http2\"]}\n[tool.poetry.group.dev.dependencies]\nblack = \"^23\"\n",
        "build setuptools >=61; runtime requests >=2; runtime click ; optional pytest ; runtime httpx 0.24; development black ^23");
    row("go.mod", "module example.org/x\n\ngo 1.20\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.9.0\n\tgolang.org/x/net v0.10.0 // indirect\n)\nrequire gopkg.in/yaml.v3 v3.0.1\n",
        "runtime github.com/gin-gonic/gin v1.9.0; runtime golang.org/x/net v0.10.0; runtime gopkg.in/yaml.v3 v3.0.1");
    row("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\nserde = { version = \"1.0\", features = [\"derive\"] }\nrand = \"0.8\"\n[dev-dependencies]\ncriterion = \"0.5\"\n",
        "runtime serde 1.0; runtime rand 0.8; development criterion 0.5");
    row("pom.xml", "<project><dependencies><dependency><groupId>junit</groupId><artifactId>junit</artifactId>\n<version>4.13</version><scope>test</scope></dependency></dependencies></project>",
        "development junit:junit 4.13");
    row("build.gradle", "dependencies {\n    implementation 'com.google.guava:guava:31.1-jre'\n    testImplementation(\"junit:junit:4.13\")\n}\n",
        "runtime com.google.guava:guava 31.1-jre; development junit:junit 4.13");
    row("CMakeLists.txt", "find_package(Qt6 6.4 REQUIRED COMPONENTS Core)\n  find_package( fmt )\n", "runtime Qt6 6.4; runtime fmt ");
}

void ManifestsTest::manifests()
{
    QFETCH(const QByteArray, file);
    QFETCH(const QByteArray, text);
    QVERIFY(isManifest(file.toStdString()));
    QByteArrayList found;
    for (const auto& one : parseManifest(file.toStdString(), text.toStdString()))
        found << QByteArray::fromStdString(one.kind + ' ' + one.name + ' ' + one.version);
    QTEST(found.join("; "), "dependencies");
}

void ManifestsTest::whatIsNoManifestIsNotRead()
{
    QVERIFY(!isManifest("README.md"));
    QVERIFY(parseManifest("package.json", "{\"dependencies\": [1, 2").empty());
    QVERIFY(parseManifest("package.json", R"({"dependencies": [1, 2]})").empty());
    QVERIFY(parseManifest("pyproject.toml", "[project]\ndependencies = [").empty());
}

QTEST_GUILESS_MAIN(ManifestsTest)
#include "tst_manifests.moc"
