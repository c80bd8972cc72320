#include "core/pipeline/checks/dockerfile_lint.h"

#include <QtTest>

#include "core/base/files.h"

using namespace aap;

class DockerfileLintTest : public QObject {
    Q_OBJECT
private slots:
    void findings_data();
    void findings();
    void readsContinuationsAndComments();
    void theDemosFileIsFit();
    void survivesAnyBytes();
    void secretSettings_data();
    void secretSettings();
};

namespace {

std::string joined(const std::vector<LintFinding>& findings)
{
    return findingsText(findings);
}

DockerfileRules rules()
{
    return {.baseImages = {"coding-agent-sandbox:latest", "registry.local:5000/python:3.11"}, .port = 8000};
}

} // namespace

void DockerfileLintTest::findings_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("finding"); // empty: none
    const QByteArray from = "FROM coding-agent-sandbox\n";
    const QByteArray tail = "EXPOSE 8000\nUSER 1000:1000\n";
    QTest::newRow("fit") << from + tail << QByteArray();
    QTest::newRow("lower case") << QByteArray("from coding-agent-sandbox:latest\nexpose 8000/tcp\nuser 1000\n") << QByteArray();
    QTest::newRow("registry with a port") << QByteArray("FROM registry.local:5000/python:3.11\n") + tail << QByteArray();
    QTest::newRow("stages") << from.trimmed() + " AS build\nRUN make\nFROM build\nCOPY --from=build /x /x\nCOPY --from=0 /y /y\n" + tail
                            << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray("has no FROM");
    QTest::newRow("foreign base") << QByteArray("FROM python:3.12\n") + tail << QByteArray("\"python:3.12\" is not allowed");
    QTest::newRow("variable base") << QByteArray("ARG B=x\nFROM $B\n") + tail << QByteArray("not a variable");
    QTest::newRow("no user") << from + "EXPOSE 8000\n" << QByteArray("has no USER");
    QTest::newRow("user of an earlier stage only") << from.trimmed() + " AS a\nUSER 5\n" + from + "EXPOSE 8000\n" << QByteArray("has no USER");
    QTest::newRow("root") << from + tail + "USER 0:0\n" << QByteArray("is root");
    QTest::newRow("root by name") << from + tail + "USER root\n" << QByteArray("not numeric");
    QTest::newRow("user by variable") << from + tail + "USER $U\n" << QByteArray("not numeric");
    QTest::newRow("add from the web") << from + "ADD HTTPS://x/y /y\n" + tail << QByteArray("may not fetch");
    QTest::newRow("add as list") << from + "ADD [\"http://x/y\", \"/y\"]\n" + tail << QByteArray("may not fetch");
    QTest::newRow("secret in ENV") << from + "ENV A=1 DB_PASSWORD=hunter22\n" + tail << QByteArray("DB_PASSWORD holds a secret");
    QTest::newRow("secret in old ENV") << from + "ENV API_KEY hunter22\n" + tail << QByteArray("API_KEY holds a secret");
    QTest::newRow("secret in ARG") << from + "ARG TOKEN=\"hunter 22\"\n" + tail << QByteArray("TOKEN holds a secret");
    QTest::newRow("secret by value") << from + "RUN echo ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8\n" + tail << QByteArray("looks like a secret");
    QTest::newRow("no port") << from + "USER 1000\n" << QByteArray("no EXPOSE 8000");
    QTest::newRow("other port") << from + "EXPOSE 8000 22\nUSER 1000\n" << QByteArray("exposes port 8000, not 22");
    QTest::newRow("port variable") << from + "EXPOSE $PORT\nUSER 1000\n" << QByteArray("needs port numbers");
    QTest::newRow("socket") << from + "VOLUME /var/run/docker.sock\n" + tail << QByteArray("engine's socket");
    QTest::newRow("mount of an image") << from + "RUN --mount=type=bind,from=alpine,target=/x ls\n" + tail << QByteArray("no earlier stage");
    QTest::newRow("mount") << from + "RUN --mount=type=cache,target=/x ls\n" + tail << QByteArray("knows no --mount");
    QTest::newRow("insecure") << from + "RUN --security=insecure ls\n" + tail << QByteArray("more rights");
    QTest::newRow("network") << from + "RUN --network=host ls\n" + tail << QByteArray("choose its network");
    QTest::newRow("privileged") << from + "RUN docker run --privileged x\n" + tail << QByteArray("--privileged");
    QTest::newRow("copy from an image") << from + "COPY --from=alpine /x /x\n" + tail << QByteArray("no earlier stage");
    QTest::newRow("copy from itself") << from + "COPY --from=0 /x /x\n" + tail << QByteArray("no earlier stage");
    QTest::newRow("onbuild") << from + "ONBUILD RUN x\n" + tail << QByteArray("ONBUILD hides");
    QTest::newRow("heredoc") << from + "RUN <<EOF\nls\nEOF\n" + tail << QByteArray("Heredocs");
    QTest::newRow("heredoc, quoted") << from + "RUN cat <<-'EOF' > x\nEOF\n" + tail << QByteArray("Heredocs");
    QTest::newRow("a here-string is none") << from + "RUN grep x <<< \"text\" && echo $((1<<4))\n" + tail << QByteArray();
    QTest::newRow("directive") << "# syntax=evil/frontend\n" + from + tail << QByteArray("Parser directives");
    QTest::newRow("unknown") << from + "INCLUDE x\n" + tail << QByteArray("no instruction INCLUDE");
    QTest::newRow("before FROM") << "RUN x\n" + from + tail << QByteArray("before the first FROM");
    QTest::newRow("our labels") << from + "LABEL aap.run=x\n" + tail << QByteArray("by the program alone");
    QTest::newRow("hidden by continuation") << from + tail + "US\\\nER 0\n" << QByteArray("is root");
}

void DockerfileLintTest::findings()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, finding);
    const auto found = joined(lintDockerfile(text.toStdString(), rules()));
    if (finding.isEmpty())
        QCOMPARE(found, std::string());
    else
        QVERIFY2(found.find(finding.toStdString()) != std::string::npos, found.c_str());
}

void DockerfileLintTest::readsContinuationsAndComments()
{
    const auto reading = readDockerfile("# a\nFROM x\nRUN a && \\\n  # inside\n\n  b\n\nENV X=\"a b\" \\\n Y=c");
    QCOMPARE(reading.instructions.size(), 3U);
    QCOMPARE(reading.instructions[1].line, 3U);
    QCOMPARE(reading.instructions[1].arguments, std::string("a &&   b"));
    QCOMPARE(dockerfileWords("X=\"a b\"  Y='c\\' Z=d\\ e"), (std::vector<std::string>{"X=a b", "Y=c\\", "Z=d e"}));
}

void DockerfileLintTest::theDemosFileIsFit()
{
    const auto text = readFile(AAP_SOURCE_DIR "/resources/demo/files/Dockerfile");
    QVERIFY(text);
    QCOMPARE(joined(lintDockerfile(*text, rules())), std::string());
    QCOMPARE(exposedPorts(*text), std::vector<int>{8000});
}

void DockerfileLintTest::survivesAnyBytes()
{
    constexpr char kSigns[] = "FROMUSER \\\n#\"'$=<>-/0:\x80\xff\0ENV";
    std::string text;
    unsigned state = 7;
    for (int i = 0; i < 20000; ++i) {
        state = state * 1103515245U + 12345U;
        text += kSigns[(state >> 16U) % sizeof kSigns];
    }
    QVERIFY(!lintDockerfile(text, rules()).empty());
}

void DockerfileLintTest::secretSettings_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("secret");
    QTest::newRow("plain") << QByteArray("DB_PASSWORD") << QByteArray("hunter22") << true;
    QTest::newRow("lower case") << QByteArray("api_key") << QByteArray("abc") << true;
    QTest::newRow("empty") << QByteArray("TOKEN") << QByteArray() << false;
    QTest::newRow("variable") << QByteArray("TOKEN") << QByteArray("${TOKEN}") << false;
    QTest::newRow("file") << QByteArray("TOKEN_FILE") << QByteArray("secret.txt") << false;
    QTest::newRow("path") << QByteArray("SECRET") << QByteArray("/run/secrets/x") << false;
    QTest::newRow("lifetime") << QByteArray("TOKEN_SECONDS") << QByteArray("3600") << false;
    QTest::newRow("placeholder") << QByteArray("PASSWORD") << QByteArray("changeme") << false;
    QTest::newRow("other") << QByteArray("PORT") << QByteArray("8000") << false;
}

void DockerfileLintTest::secretSettings()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, value);
    QTEST(holdsLiteralSecret(name.toStdString(), value.toStdString()), "secret");
}

QTEST_GUILESS_MAIN(DockerfileLintTest)
#include "tst_dockerfile_lint.moc"
