#include <QTest>

#include "core/agent/policy.h"
#include "core/agent/shell_words.h"
#include "core/base/files.h"

using namespace aap;

namespace {

/// tests/data/policy/
Policy policyIn(const char* name)
{
    const auto text = readFile(fmt::format("{}/policy/{}", AAP_TEST_DATA, name));
    auto policy = text ? Policy::parse(*text) : Result<Policy>(text.error());
    if (!policy)
        qFatal("%s", policy.error().text().c_str());
    return *std::move(policy);
}

Json command(const char* text)
{
    return {{"command", text}};
}

Json file(const char* path)
{
    return {{"filepath", path}, {"content", "x"}};
}

} // namespace

/// What the user's rules say about calls of agents.
class PolicyTest : public QObject {
    Q_OBJECT

private slots:
    void callsAreJudged_data();
    void callsAreJudged();
    void whatIsNotAllowedIsDenied_data();
    void whatIsNotAllowedIsDenied();
    void commandsAreTakenApart_data();
    void commandsAreTakenApart();
    void wrongFilesAreExplained_data();
    void wrongFilesAreExplained();
    void theVerdictSaysWhatItIsAbout();
    void longCommandsAreJudgedInTime();
};

void PolicyTest::callsAreJudged_data()
{
    QTest::addColumn<QByteArray>("tool");
    QTest::addColumn<Json>("input");
    QTest::addColumn<PolicyAction>("action");
    const auto run = [](const char* text, PolicyAction action) { QTest::newRow(text) << QByteArray("run_command") << command(text) << action; };
    using enum PolicyAction;
    run("pytest -q", Allow);
    run("git status", Allow);
    run("git push --dry-run", Allow);
    run("git push origin main", Deny);
    run("/usr/bin/git push", Deny);
    run("ls; git push", Deny);
    run("true && git push || true", Deny);
    run("echo git push", Allow);
    run("echo 'git push'", Allow);
    run("g''it \"push\"", Deny);
    run("GIT_DIR=x git push", Deny);
    run("echo $(git push)", Deny);
    run("echo `git push`", Deny);
    run("echo \"$(git push)\"", Deny);
    run("(cd a; git push)", Deny);
    run("if true; then git push; fi", Deny);
    run("bash -c 'git push'", Deny);
    run("sh -ec \"git push\"", Deny);
    run("eval git push", Deny);
    run("env A=1 git push", Deny);
    run("sudo -n timeout 9 git push", Deny);
    run("echo x | xargs git push", Deny);
    run("find . -name x -exec git push ;", Deny);
    run("git \\\n push", Deny);
    run("git push --dry-run; git push", Deny);
    run("$PROGRAM push", Deny);
    run("git $WORD", Deny);
    run("$COMMAND", Deny);
    run("git status # git push", Allow);
    run("pip3 install flask", Ask);
    run("pip list", Allow);
    run("rm -rf /", Deny);
    run("rm -rf /etc", Deny);
    run("rm -rf build", Allow);
    run("cat keys/server.pem", Deny);
    run("cat ./server.pem", Deny);
    run("cat /workspace/repo/server.pem", Deny);
    run("echo x > server.pem", Deny);
    run("curl https://www.evil.example/x", Deny);
    run("curl http://user@WWW.EVIL.example:80/", Deny);
    run("curl https://good.example/?q=evil.example", Allow);
    QTest::newRow("a key is read") << QByteArray("read_file") << file("a/b/key.pem") << Deny;
    QTest::newRow("a key in the root") << QByteArray("read_file") << file("key.pem") << Deny;
    QTest::newRow("by a detour") << QByteArray("read_file") << file("src/../key.pem") << Deny;
    QTest::newRow("a license") << QByteArray("write_file") << file("LICENSE") << Ask;
    QTest::newRow("another license") << QByteArray("write_file") << file("src/LICENSE") << Allow;
    QTest::newRow("deep below") << QByteArray("write_file") << file(".github/workflows/a.yml") << Ask;
    QTest::newRow("a tool by pattern") << QByteArray("take_screenshot") << Json{{"url", "http://localhost"}} << Ask;
    QTest::newRow("an address in an input") << QByteArray("check_health") << Json{{"endpoints", Json::array({"https://a.evil.example/"})}} << Deny;
    QTest::newRow("of another stage") << QByteArray("run_security_scan") << Json::object() << Allow;
    QTest::newRow("no object") << QByteArray("take_screenshot") << Json() << Ask;
}

void PolicyTest::callsAreJudged()
{
    QFETCH(const QByteArray, tool);
    QFETCH(const Json, input);
    const auto policy = policyIn("everything.json");
    QTEST(policy.judge(StageId::Coding, tool.toStdString(), input).action, "action");
}

void PolicyTest::whatIsNotAllowedIsDenied_data()
{
    QTest::addColumn<QByteArray>("tool");
    QTest::addColumn<Json>("input");
    QTest::addColumn<PolicyAction>("action");
    using enum PolicyAction;
    QTest::newRow("an allowed command") << QByteArray("run_command") << command("pytest -q tests/a.py") << Allow;
    QTest::newRow("another command") << QByteArray("run_command") << command("make") << Deny;
    QTest::newRow("one of two") << QByteArray("run_command") << command("pytest; make") << Deny;
    QTest::newRow("an unknown program is not the allowed one") << QByteArray("run_command") << command("$X") << Deny;
    QTest::newRow("an allowed path") << QByteArray("write_file") << file("docs/a/b.md") << Allow;
    QTest::newRow("another path") << QByteArray("write_file") << file("src/a.py") << Deny;
    QTest::newRow("an allowed tool") << QByteArray("read_file") << file("src/a.py") << Allow;
    QTest::newRow("another tool") << QByteArray("run_build") << Json::object() << Deny;
}

void PolicyTest::whatIsNotAllowedIsDenied()
{
    QFETCH(const QByteArray, tool);
    QFETCH(const Json, input);
    const auto policy = policyIn("only_some.json");
    QTEST(policy.judge(StageId::Coding, tool.toStdString(), input).action, "action");
}

void PolicyTest::commandsAreTakenApart_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("calls"); // words joined by |, calls by newlines; ? is unknown, > a file
    QTest::newRow("nothing") << QByteArray("") << QByteArray("");
    QTest::newRow("blanks") << QByteArray(" \t\n ; & ") << QByteArray("");
    QTest::newRow("words") << QByteArray("a b  c") << QByteArray("a|b|c");
    QTest::newRow("quotes") << QByteArray("a 'b c' \"d \\\" e\" f\\ g") << QByteArray("a|b c|d \" e|f g");
    QTest::newRow("an empty word") << QByteArray("a '' b") << QByteArray("a||b");
    QTest::newRow("an open quote") << QByteArray("a 'b") << QByteArray("a|b");
    QTest::newRow("an expansion") << QByteArray("a $b ${c} x$d-e") << QByteArray("a|?|?|x?-e");
    QTest::newRow("a lone dollar") << QByteArray("a $") << QByteArray("a|?");
    QTest::newRow("redirections") << QByteArray("a >b 2>&1 <c >>d") << QByteArray("a>b>1>c>d");
    QTest::newRow("a pipe") << QByteArray("a|b") << QByteArray("a\nb");
    QTest::newRow("a substitution") << QByteArray("a $(b (c))") << QByteArray("b\nc\na|?");
    QTest::newRow("an open substitution") << QByteArray("a $(b") << QByteArray("b\na|?");
    QTest::newRow("only an assignment") << QByteArray("a=b") << QByteArray("");
    QTest::newRow("a shell") << QByteArray("sh -c 'a b'") << QByteArray("sh|-c|a b\na|b");
    QTest::newRow("a process that is read") << QByteArray("a <(b)") << QByteArray("a\nb");
}

void PolicyTest::commandsAreTakenApart()
{
    QFETCH(const QByteArray, text);
    QByteArrayList lines;
    for (const auto& call : shellCalls(text.toStdString())) {
        QByteArrayList words;
        for (const auto& word : call.argv)
            words << QByteArray::fromStdString(word).replace(kOpaqueWord, '?');
        auto line = words.join('|');
        for (const auto& name : call.files)
            line += '>' + QByteArray::fromStdString(name);
        lines << line;
    }
    QTEST(lines.join('\n'), "calls");
}

void PolicyTest::wrongFilesAreExplained_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("no JSON") << QByteArray("{") << QByteArray("line 1");
    QTest::newRow("a list") << QByteArray("[]") << QByteArray("object");
    QTest::newRow("unknown key") << QByteArray(R"({"rule": []})") << QByteArray("rules");
    QTest::newRow("rules are no list") << QByteArray(R"({"rules": {}})") << QByteArray("list");
    QTest::newRow("a rule is no object") << QByteArray(R"({"rules": ["deny"]})") << QByteArray("rules[0]");
    QTest::newRow("no action") << QByteArray(R"({"rules": [{"tool": "a"}]})") << QByteArray("action");
    QTest::newRow("unknown action") << QByteArray(R"({"rules": [{"action": "forbid"}]})") << QByteArray("deny");
    QTest::newRow("unknown stage") << QByteArray(R"({"rules": [{"action": "deny", "stage": "cooking"}]})") << QByteArray("stage");
    QTest::newRow("a command as text") << QByteArray(R"({"rules": [{"action": "deny", "command": "git push"}]})") << QByteArray("command");
    QTest::newRow("an empty command") << QByteArray(R"({"rules": [{"action": "deny", "command": []}]})") << QByteArray("command");
    QTest::newRow("two kinds") << QByteArray(R"({"rules": [{"action": "deny", "path": "a", "domain": "b"}]})") << QByteArray("more than one");
    QTest::newRow("unknown otherwise") << QByteArray(R"({"otherwise": "maybe"})") << QByteArray("otherwise");
}

void PolicyTest::wrongFilesAreExplained()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QByteArray, says);
    const auto policy = Policy::parse(json.toStdString());
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, ErrorCode::Invalid);
    QVERIFY2(QByteArray::fromStdString(policy.error().text()).contains(says), policy.error().text().c_str());
}

void PolicyTest::theVerdictSaysWhatItIsAbout()
{
    const auto policy = policyIn("everything.json");
    const auto verdict = policy.judge(StageId::Coding, "run_command", command("make && git push $REMOTE"));
    QCOMPARE(verdict.about, std::string("git push ?"));
    QCOMPARE(verdict.reason, std::string("nothing leaves"));
    const auto hidden = QByteArray("true;").repeated(1000) + "git push";
    QCOMPARE(policy.judge(StageId::Coding, "run_command", command(hidden.constData())).action, PolicyAction::Deny);
    QCOMPARE(policy.judge(StageId::Coding, "run_command", command("$($($($($($($(git push)))))))")).action, PolicyAction::Deny);
    QVERIFY(Policy().isEmpty());
    QCOMPARE(Policy().judge(StageId::Coding, "run_command", command("git push")).action, PolicyAction::Allow);
}

void PolicyTest::longCommandsAreJudgedInTime()
{
    const auto policy = policyIn("everything.json");
    for (const auto& text : {std::string(100'000, '('), std::string(100'000, '`'), QByteArray("env ").repeated(25'000).toStdString(),
                             QByteArray("$(").repeated(50'000).toStdString(), QByteArray("a;").repeated(50'000).toStdString()}) {
        QElapsedTimer watch;
        watch.start();
        policy.judge(StageId::Coding, "run_command", {{"command", text}});
        QVERIFY2(watch.elapsed() < 10'000, text.substr(0, 10).c_str());
    }
}

QTEST_GUILESS_MAIN(PolicyTest)
#include "tst_policy.moc"
