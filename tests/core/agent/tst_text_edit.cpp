#include <QTest>

#include "core/agent/tools/text_edit.h"

using namespace aap;

class TextEditTest : public QObject {
    Q_OBJECT

private slots:
    void edits_data();
    void edits();
    void refusals_data();
    void refusals();
    void theAnswerSaysWhereItWas();
    void aMegabyteIsEditedAtOnce();
};

void TextEditTest::edits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<bool>("everywhere");
    QTest::addColumn<QByteArray>("edited");
    QTest::addColumn<QByteArray>("how");
    const auto row = [](const char* title, const char* text, const char* before, const char* after, bool everywhere, const char* edited, const char* how = "exactly") {
        QTest::newRow(title) << QByteArray(text) << QByteArray(before) << QByteArray(after) << everywhere << QByteArray(edited) << QByteArray(how);
    };
    const char* const spaces = "ignoring spaces at the ends of lines";
    const char* const indentation = "ignoring indentation";
    row("a word", "one two three", "two", "2", false, "one 2 three");
    row("lines", "a\nb\nc\n", "b\n", "x\ny\n", false, "a\nx\ny\nc\n");
    row("removal", "a\nb\nc\n", "b\n", "", false, "a\nc\n");
    row("all of them", "a b a b a", "a", "x", true, "x b x b x");
    row("characters a shell would eat", "x = '$HOME' `id` \"q\" \\n\n", "'$HOME' `id`", "'$(rm -rf /)' \\0", false, "x = '$(rm -rf /)' \\0 \"q\" \\n\n");
    row("CRLF in the file, LF in the call", "a\r\nb\r\nc\r\n", "a\nb\n", "x\ny\n", false, "x\r\ny\r\nc\r\n");
    row("one line of a CRLF file becomes two", "a\r\nb\r\n", "b", "b\nc", false, "a\r\nb\r\nc\r\n");
    row("CRLF in the call, LF in the file", "a\nb\nc\n", "a\r\nb", "x\r\ny", false, "x\ny\nc\n");
    row("mixed ends stay as they are", "a\r\nb\nc\r\nd\r\n", "d", "e", false, "a\r\nb\nc\r\ne\r\n");
    row("a BOM stays", "\xEF\xBB\xBF" "a\nb\n", "a\n", "x\n", false, "\xEF\xBB\xBF" "x\nb\n");
    row("bad bytes stay", "a\xff\nb\n", "b", "c", false, "a\xff\nc\n");
    row("trailing spaces in the file", "if x:  \n    y\n", "if x:\n    y\n", "if z:\n    y\n", false, "if z:\n    y\n", spaces);
    row("trailing spaces in the call", "if x:\n    y\n", "if x: \n    y", "if z:\n    y", false, "if z:\n    y\n", spaces);
    row("other indentation", "class A:\n    def f(self):\n        return 1\n", "def f(self):\n    return 1\n", "def f(self):\n    return 2\n\n\ndef g(self):\n    pass\n", false,
        "class A:\n    def f(self):\n        return 2\n\n\n    def g(self):\n        pass\n", indentation);
    row("tabs instead of blanks", "\tfoo();\n\tbar();\n", "    foo();\n    bar();", "    baz();", false, "\tbaz();\n", indentation);
    row("the last line without an end", "a\n  b", "b", "c", false, "a\n  c");
}

void TextEditTest::edits()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    QFETCH(const bool, everywhere);
    const auto result = editText(text.toStdString(), {before.toStdString(), after.toStdString(), everywhere});
    QVERIFY2(std::holds_alternative<EditedText>(result), std::get_if<std::string>(&result) ? std::get<std::string>(result).c_str() : "");
    QTEST(QByteArray::fromStdString(std::get<EditedText>(result).text), "edited");
    QTEST(QByteArray::fromStdString(std::get<EditedText>(result).how), "how");
}

void TextEditTest::refusals_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<bool>("everywhere");
    QTest::addColumn<QByteArray>("why");
    const auto row = [](const char* title, const char* text, const char* before, const char* after, bool everywhere, const char* why) {
        QTest::newRow(title) << QByteArray(text) << QByteArray(before) << QByteArray(after) << everywhere << QByteArray(why);
    };
    row("nothing to replace", "a\n", "", "b", false, "old_string is empty");
    row("nothing changes", "a\n", "a", "a", false, "old_string and new_string are the same");
    row("several places", "a\nb\na\n", "a", "x", false, "old_string occurs 2 times, in lines 1, 3; take more lines");
    row("several tolerant places", "a \nb\na \nb\n", "a\nb\n", "x\n", false, "old_string occurs 2 times, in lines 1, 3;");
    row("several tolerant places, all wanted", "  a\n a\n", "a  \n", "x\n", true, "old_string occurs 2 times, in lines 1, 2;");
    row("no place", "def login(user):\n    pass\n\ndef logout(user):\n", "def log_in(user):\n    return 1\n", "x", false,
        "old_string does not occur in the file; the nearest lines are\n1: def login(user):\n4: def logout(user):");
    row("nothing like it", "abc\n", "xyz", "q", false, "old_string does not occur in the file; no line resembles its first line");
    row("an empty file", "", "x", "y", false, "old_string does not occur in the file; no line resembles");
    row("blank lines are found exactly or not at all", "a\n \nb\n", "\n\n", "x", false, "old_string does not occur");
}

void TextEditTest::refusals()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, before);
    QFETCH(const QByteArray, after);
    QFETCH(const bool, everywhere);
    QFETCH(const QByteArray, why);
    const auto result = editText(text.toStdString(), {before.toStdString(), after.toStdString(), everywhere});
    QVERIFY(std::holds_alternative<std::string>(result));
    const auto said = QByteArray::fromStdString(std::get<std::string>(result));
    QVERIFY2(said.startsWith(why), said.constData());
}

void TextEditTest::theAnswerSaysWhereItWas()
{
    const auto result = std::get<EditedText>(editText("a\nb\nc\nb\n", {"b\n", "x\ny\nz\n", true}));
    QCOMPARE(result.replaced, 2U);
    QCOMPARE(result.firstLine, 2U);
    QCOMPARE(result.lines, 3U);
}

void TextEditTest::aMegabyteIsEditedAtOnce()
{
    std::string text;
    for (int i = 0; text.size() < (1U << 20U); ++i)
        text += "line " + std::to_string(i) + " of many\n";
    const auto result = editText(text, {"line 20000 of many\n", "changed\n", false});
    QVERIFY(std::get<EditedText>(result).text.find("line 19999 of many\nchanged\nline 20001") != std::string::npos);
    QBENCHMARK_ONCE
    {
        QVERIFY(std::holds_alternative<std::string>(editText(text, {"something else entirely, that is nowhere\n", "x", false})));
    }
}

QTEST_GUILESS_MAIN(TextEditTest)
#include "tst_text_edit.moc"
