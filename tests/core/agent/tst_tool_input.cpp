#include <QTest>

#include "core/agent/tool_input.h"

using namespace aap;

class ToolInputTest : public QObject {
    Q_OBJECT

private slots:
    void accepted_data();
    void accepted();
    void refused_data();
    void refused();
    void longTextsAreRefusedBeforeAnythingElse();
    void toolsAreFoundWhateverTheirLetterCase();
    void summaries_data();
    void summaries();
};

namespace {

const ToolDefinition kTool{"sample", "", Json::parse(R"({"type": "object", "required": ["filepath"], "properties": {
    "filepath": {"type": "string"}, "offset": {"type": "integer", "minimum": 1}, "replace_all": {"type": "boolean"},
    "share": {"type": "number"}, "args": {"type": ["object", "string"]}, "mode": {"enum": ["content", "files"]},
    "items": {"type": "array", "items": {"type": "object", "required": ["text", "kind"], "properties": {
        "text": {"type": "string"}, "done": {"type": "boolean"}, "kind": {"const": "item/1"}}}}}})")};

class NamedTool final : public Tool {
public:
    explicit NamedTool(std::string name) : m_definition{std::move(name), "", Json::object()} {}
    const ToolDefinition& definition() const override { return m_definition; }
    ToolClass toolClass() const override { return ToolClass::Read; }
    Result<ToolOutcome> run(const Json& /*input*/, ToolContext& /*context*/) override { return ToolOutcome(); }

private:
    ToolDefinition m_definition;
};

} // namespace

void ToolInputTest::accepted_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("meant");
    const auto row = [](const char* title, const char* sent, const char* meant) { QTest::newRow(title) << QByteArray(sent) << QByteArray(meant); };
    row("as it should be", R"({"filepath": "a", "offset": 2})", R"({"filepath": "a", "offset": 2})");
    row("path", R"({"path": "a"})", R"({"filepath": "a"})");
    row("file_path", R"({"file_path": "a"})", R"({"filepath": "a"})");
    row("the right name wins", R"({"filepath": "a", "path": "b"})", R"({"filepath": "a", "path": "b"})");
    row("numbers as text", R"({"filepath": "a", "offset": "12", "share": "0.5"})", R"({"filepath": "a", "offset": 12, "share": 0.5})");
    row("a whole float", R"({"filepath": "a", "offset": 3.0})", R"({"filepath": "a", "offset": 3})");
    row("true as text", R"({"filepath": "a", "replace_all": "True"})", R"({"filepath": "a", "replace_all": true})");
    row("null for what is optional", R"({"filepath": "a", "offset": null})", R"({"filepath": "a"})");
    row("a number as a name", R"({"filepath": 2024})", R"({"filepath": "2024"})");
    row("a list as text", R"({"filepath": "a", "items": "[{\"text\": \"x\", \"kind\": \"item/1\", \"done\": \"false\"}]"})",
        R"({"filepath": "a", "items": [{"text": "x", "kind": "item/1", "done": false}]})");
    row("a constant left out", R"({"filepath": "a", "items": [{"text": "x"}]})", R"({"filepath": "a", "items": [{"text": "x", "kind": "item/1"}]})");
    row("text where text is allowed stays text", R"({"filepath": "a", "args": "{\"x\": 1}"})", R"({"filepath": "a", "args": "{\"x\": 1}"})");
    row("unknown parameters are left alone", R"({"filepath": "a", "description": "why"})", R"({"filepath": "a", "description": "why"})");
    row("text that looks like a number", R"({"filepath": "007"})", R"({"filepath": "007"})");
}

void ToolInputTest::accepted()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, meant);
    const auto input = checkedInput(kTool, Json::parse(sent.toStdString()));
    QVERIFY2(input, input ? "" : input.error().detail.c_str());
    QCOMPARE(QByteArray::fromStdString(input->dump()), QByteArray::fromStdString(Json::parse(meant.toStdString()).dump()));
}

void ToolInputTest::refused_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* title, const char* sent, const char* why) { QTest::newRow(title) << QByteArray(sent) << QByteArray(why); };
    row("missing", "{}", "`filepath` is missing: text");
    row("not an object", "[]", "`filepath` is missing: text");
    row("a wrong type", R"({"filepath": ["a"]})", "`filepath` must be text");
    row("text that is no number", R"({"filepath": "a", "offset": "two"})", "`offset` must be a whole number, at least 1");
    row("half a line", R"({"filepath": "a", "offset": 1.5})", "`offset` must be a whole number, at least 1");
    row("too small", R"({"filepath": "a", "offset": 0})", "`offset` must be a whole number, at least 1");
    row("null for what is required", R"({"filepath": null})", "`filepath` must be text");
    row("an unknown word", R"({"filepath": "a", "mode": "lines"})", R"(`mode` must be one of "content", "files")");
    row("deeper", R"({"filepath": "a", "items": [{"done": 1}]})", "`items[0].text` is missing: text");
}

void ToolInputTest::refused()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, why);
    const auto input = checkedInput(kTool, Json::parse(sent.toStdString()));
    QVERIFY(!input);
    QCOMPARE(input.error().code, ErrorCode::Invalid);
    const auto text = QByteArray::fromStdString(input.error().detail);
    QVERIFY2(text.startsWith("sample was not run: ") && text.contains(why), text.constData());
    QVERIFY2(text.contains(R"(; send {"filepath": text (required); "offset": a whole number, at least 1; )"), text.constData());
}

void ToolInputTest::longTextsAreRefusedBeforeAnythingElse()
{
    const std::string longest(4U << 20U, 'a');
    QVERIFY(checkedInput(kTool, {{"filepath", longest}}));
    for (const auto& input : {Json{{"filepath", longest + "a"}}, Json{{"filepath", 1}, {"items", Json::array({{{"text", longest + "a"}}})}}}) {
        const auto refused = checkedInput(kTool, input);
        QCOMPARE(refused.error().code, ErrorCode::Invalid);
        QVERIFY2(refused.error().detail.ends_with("` must not be longer than 4 MiB; send less at a time."), refused.error().detail.substr(0, 300).c_str());
    }
}

void ToolInputTest::toolsAreFoundWhateverTheirLetterCase()
{
    Toolbox tools;
    tools.push_back(std::make_unique<NamedTool>("read_file"));
    QCOMPARE(findTool(tools, "Read_File"), tools.front().get());
    QVERIFY(!findTool(tools, "read"));
}

void ToolInputTest::summaries_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("a command of several lines") << QByteArray(R"({"workdir": "x", "command": "make\nmake test"})") << QByteArray("make");
    QTest::newRow("a file, not its content") << QByteArray(R"({"content": "text", "filepath": "a.py"})") << QByteArray("a.py");
    QTest::newRow("the first text there is") << QByteArray(R"({"n": 1, "environment": "dev"})") << QByteArray("dev");
    QTest::newRow("nothing") << QByteArray("{}") << QByteArray();
    QTest::newRow("escapes") << QByteArray(R"({"command": "\u001b[31mls\u001b[0m"})") << QByteArray("ls");
}

void ToolInputTest::summaries()
{
    QFETCH(const QByteArray, input);
    QTEST(QByteArray::fromStdString(callSummary(Json::parse(input.toStdString()))), "line");
}

QTEST_GUILESS_MAIN(ToolInputTest)
#include "tst_tool_input.moc"
