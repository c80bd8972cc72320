#include <QElapsedTimer>
#include <QTest>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "core/base/files.h"
#include "tests/core/agent/tool_bench.h"

using namespace aap;

/// The tools that look at and change files, on the host side of a workspace that belongs to foreign code.
class FileToolsTest : public QObject {
    Q_OBJECT

private slots:
    void contentArrivesByteForByte_data();
    void contentArrivesByteForByte();
    void hostilePathsAreRefused_data();
    void hostilePathsAreRefused();
    void linksDoNotLeaveTheWorkspace();
    void hardLinksAreRefused();
    void specialFilesDoNotHang();
    void readsAWindow();
    void longLinesAndLongFilesAreCut();
    void suggestsTheNearestPath();
    void showsPictures();
    void refusesWhatIsNoText();
    void aFileMustHaveBeenReadBeforeItIsReplaced();
    void anEditKeepsTheFilesHabits();
    void anEditOfUnseenChangesDoesNotMakeThemSeen();
    void rolesWriteWhereTheyMay();
    void documentsLieInTheirFolder();
    void listsATree();
    void searches_data();
    void searches();
    void aCostlyPatternEnds();
    void findsDependencies();
};

namespace {

constexpr qint64 kAtOnceMs = 10'000; // on the slowest of machines; what hangs does so for ever

QByteArray bytes(const std::string& text)
{
    return QByteArray::fromStdString(text);
}

} // namespace

#define COMPARE_TEXT(actual, expected) QCOMPARE(bytes(actual), QByteArray(expected))
#define CONTAINS(actual, part) QVERIFY2(bytes(actual).contains(part), bytes(actual).constData())

void FileToolsTest::contentArrivesByteForByte_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("a single quote") << QByteArray("it's");
    QTest::newRow("a quote and a second line") << QByteArray("print('hi there')\nprint(\"x\")\n");
    QTest::newRow("what a shell expands") << QByteArray("$HOME `id` $(id) ${x} !! * ~ \\n %s");
    QTest::newRow("a here-document's end") << QByteArray("a\nEOF\nrm -rf /\nEOF\n");
    QTest::newRow("line ends") << QByteArray("a\r\nb\rc\n\n");
    QTest::newRow("NUL and controls") << QByteArray("a\0b\x1b[2J\x7f", 8);
    QTest::newRow("other scripts") << QByteArray("日本 ü 🙂 \xEF\xBB\xBF");
    QTest::newRow("nothing") << QByteArray("");
    QTest::newRow("a megabyte") << QByteArray("0123456789abcde\n").repeated(65536);
}

void FileToolsTest::contentArrivesByteForByte()
{
    QFETCH(const QByteArray, content);
    ToolBench bench(StageId::Coding);
    const auto outcome = bench.call("write_file", {{"filepath", "src/-x $(id) 'q'.txt"}, {"content", content.toStdString()}});
    QVERIFY2(!outcome.isError, outcome.text.c_str());
    QVERIFY(outcome.changedFiles);
    CONTAINS(outcome.text, "created src/-x $(id) 'q'.txt");
    QCOMPARE(bytes(bench.text("src/-x $(id) 'q'.txt")), content);
    QVERIFY(bench.script->ran.empty()); // no shell had a part in it
}

void FileToolsTest::hostilePathsAreRefused_data()
{
    QTest::addColumn<QByteArray>("path");
    const auto row = [](const char* title, const QByteArray& path) { QTest::newRow(title) << path; };
    row("upwards", "../x");
    row("upwards and back", "a/../../b");
    row("absolute", "/etc/passwd");
    row("home", "~/.ssh/id_rsa");
    row("NUL", QByteArray("a\0b", 3));
    row("newline", "a\nb");
    row("backslash", "..\\x");
    row("bad UTF-8", "a\xff");
    row("a long name", QByteArray(256, 'a'));
    row("ten megabytes", QByteArray(10 << 20, 'a'));
    row("four megabytes", QByteArray(4 << 20, 'a'));
    row("empty", "");
    row("the folder itself", ".");
    row("a trailing slash of one that is missing", "missing/");
}

void FileToolsTest::hostilePathsAreRefused()
{
    QFETCH(const QByteArray, path);
    ToolBench bench(StageId::Coding);
    QElapsedTimer timer;
    timer.start();
    for (const auto* name : {"read_file", "edit_file"}) {
        const auto outcome = bench.call(name, {{"filepath", path.toStdString()}, {"old_string", "a"}, {"new_string", "b"}});
        QVERIFY2(outcome.isError && outcome.text.size() < 2000, outcome.text.c_str());
    }
    if (path != "missing/") // that is a file to be made
        QVERIFY(bench.call("write_file", {{"filepath", path.toStdString()}, {"content", "x"}}).isError);
    QVERIFY(timer.elapsed() < kAtOnceMs);
    QVERIFY(bench.workspace->list("repo")->empty() || path == "missing/");
}

void FileToolsTest::linksDoNotLeaveTheWorkspace()
{
    ToolBench bench(StageId::Coding);
    QTemporaryDir host;
    const auto canary = host.path().toStdString() + "/canary.txt";
    QVERIFY(writeFileAtomically(canary, "CANARY"));
    std::filesystem::create_symlink(canary, bench.path("repo/file"));
    std::filesystem::create_directory_symlink(host.path().toStdString(), bench.path("repo/folder"));
    for (const auto* path : {"file", "folder/canary.txt"}) {
        const auto read = bench.call("read_file", {{"filepath", path}});
        QVERIFY(read.isError);
        CONTAINS(read.text, "link");
        QVERIFY(bench.call("edit_file", {{"filepath", path}, {"old_string", "CANARY"}, {"new_string", "x"}}).isError);
    }
    QVERIFY(bench.call("write_file", {{"filepath", "folder/new.txt"}, {"content", "x"}}).isError);
    QVERIFY(!std::filesystem::exists(host.path().toStdString() + "/new.txt"));
    QVERIFY(bench.call("write_file", {{"filepath", "file"}, {"content", "x"}}).isError);
    for (const auto& outcome : {bench.call("search_files", {{"pattern", "CANARY"}}), bench.call("list_directory", {{"path", "folder"}})})
        QVERIFY2(!bytes(outcome.text).contains("CANARY") && !bytes(outcome.text).contains("canary.txt"), outcome.text.c_str());
    COMPARE_TEXT(*readFile(canary), "CANARY");
}

void FileToolsTest::hardLinksAreRefused()
{
    ToolBench bench(StageId::Coding);
    QVERIFY(writeFileAtomically(bench.path("other.txt"), "CANARY"));
    std::filesystem::create_hard_link(bench.path("other.txt"), bench.path("repo/mine.txt"));
    const auto read = bench.call("read_file", {{"filepath", "mine.txt"}});
    QVERIFY(read.isError);
    CONTAINS(read.text, "hard link");
    QVERIFY(!bytes(bench.call("search_files", {{"pattern", "CANARY"}}).text).contains("CANARY"));
}

void FileToolsTest::specialFilesDoNotHang()
{
    ToolBench bench(StageId::Coding);
    QCOMPARE(::mkfifo(bench.path("repo/pipe").c_str(), 0666), 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    const auto path = bench.path("repo/socket").string();
    QVERIFY(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QCOMPARE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    bench.put("folder/x", "x");
    QElapsedTimer timer;
    timer.start();
    for (const auto* name : {"pipe", "socket", "folder"}) {
        QVERIFY(bench.call("read_file", {{"filepath", name}}).isError);
        QVERIFY(bench.call("write_file", {{"filepath", name}, {"content", "x"}}).isError);
    }
    QVERIFY(!bench.call("list_directory", Json::object()).isError);
    COMPARE_TEXT(bench.call("search_files", {{"pattern", "."}}).text, "1 match in 1 file: folder/x 1\nfolder/x:1:x\n");
    QVERIFY(timer.elapsed() < kAtOnceMs);
    ::close(fd);
}

void FileToolsTest::readsAWindow()
{
    ToolBench bench(StageId::Coding);
    bench.put("a.txt", "one\ntwo\r\nthree\x1b[2J\nfour\n");
    COMPARE_TEXT(bench.call("read_file", {{"path", "a.txt"}}).text, "     1→one\n     2→two\n     3→three␛[2J\n     4→four\n");
    COMPARE_TEXT(bench.call("read_file", {{"filepath", "a.txt"}, {"offset", "2"}, {"limit", 1}}).text, "     2→two\n[2 more lines; go on with offset 3]\n");
    CONTAINS(bench.call("read_file", {{"filepath", "a.txt"}, {"offset", 9}}).text, "has only 4 lines");
    CONTAINS(bench.call("read_file", {{"filepath", "a.txt"}, {"offset", 0}}).text, "was not run");
    CONTAINS(bench.call("read_file", Json::object()).text, "filepath");
    CONTAINS(bench.call("read_file", {{"filepath", Json::array({1})}}).text, "was not run");
    bench.put("empty", "");
    COMPARE_TEXT(bench.call("read_file", {{"filepath", "empty"}}).text, "(the file is empty)");
}

void FileToolsTest::longLinesAndLongFilesAreCut()
{
    ToolBench bench(StageId::Coding);
    bench.put("wide", std::string(5000, 'x') + "\n");
    QVERIFY(bench.call("read_file", {{"filepath", "wide"}}).text.size() < 2030);
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += "line\n";
    bench.put("many", many);
    CONTAINS(bench.call("read_file", {{"filepath", "many"}}).text, "  2000→line\n[1000 more lines; go on with offset 2001]");
    std::string large;
    for (int i = 0; i < 1000; ++i)
        large += std::string(99, 'y') + "\n";
    bench.put("large", large);
    const auto shown = bench.call("read_file", {{"filepath", "large"}}).text;
    QVERIFY(shown.size() <= 50'100 && shown.size() > 49'000);
    CONTAINS(shown, "more lines; go on with offset");
}

void FileToolsTest::suggestsTheNearestPath()
{
    ToolBench bench(StageId::Coding);
    for (const auto* path : {"todo/storage.py", "todo/server.py", "README.md"})
        bench.put(path, "x");
    const auto outcome = bench.call("read_file", {{"filepath", "storage.py"}});
    QVERIFY(outcome.isError);
    CONTAINS(outcome.text, "`storage.py` does not exist; did you mean todo/storage.py");
    CONTAINS(bench.call("read_file", {{"filepath", "todo"}}).text, "is a folder; list_directory");
}

void FileToolsTest::showsPictures()
{
    ToolBench bench(StageId::Coding);
    const auto png = QByteArray::fromBase64("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");
    bench.put("a.png", png.toStdString());
    const auto outcome = bench.call("read_file", {{"filepath", "a.png"}});
    COMPARE_TEXT(outcome.text, "a.png: image/png, " + QByteArray::number(png.size()) + " bytes");
    QCOMPARE(outcome.images.size(), 1U);
    COMPARE_TEXT(outcome.images[0]["source"]["data"].get<std::string>(), png.toBase64());
    COMPARE_TEXT(outcome.images[0]["source"]["media_type"].get<std::string>(), "image/png");
    bench.put("cut.png", png.left(40).toStdString());
    CONTAINS(bench.call("read_file", {{"filepath", "cut.png"}}).text, "damaged");
    auto huge = png;
    huge.replace(16, 4, QByteArray("\0\0\xff\xff", 4));
    bench.put("huge.png", huge.toStdString());
    CONTAINS(bench.call("read_file", {{"filepath", "huge.png"}}).text, "65535 × 1 pixels");
    const auto jpeg = QByteArray("\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x11\x08\0\x10\0\x20\x03", 19) + QByteArray(20, 'x') + "\xff\xd9";
    bench.put("a.jpg", jpeg.toStdString());
    CONTAINS(bench.call("read_file", {{"filepath", "a.jpg"}}).text, "image/jpeg");
}

void FileToolsTest::refusesWhatIsNoText()
{
    ToolBench bench(StageId::Coding);
    bench.put("program", std::string("\x7f""ELF\0\1", 6));
    const auto outcome = bench.call("read_file", {{"filepath", "program"}});
    QVERIFY(outcome.isError);
    CONTAINS(outcome.text, "is binary (6 bytes)");
}

void FileToolsTest::aFileMustHaveBeenReadBeforeItIsReplaced()
{
    ToolBench bench(StageId::Coding);
    bench.put("a.txt", "old\n");
    const Json write = {{"filepath", "a.txt"}, {"content", "new\n"}};
    CONTAINS(bench.call("write_file", write).text, "was not read in this stage");
    QVERIFY(!bench.call("read_file", {{"filepath", "./a.txt"}}).isError);
    bench.put("a.txt", "changed\n");
    CONTAINS(bench.call("write_file", write).text, "has changed since you read it");
    COMPARE_TEXT(bench.text("a.txt"), "changed\n");
    QVERIFY(!bench.call("read_file", {{"filepath", "a.txt"}}).isError);
    std::filesystem::permissions(bench.path("repo/a.txt"), std::filesystem::perms(0755));
    COMPARE_TEXT(bench.call("write_file", write).text, "replaced a.txt: 1 lines, 4 bytes");
    QCOMPARE(bench.workspace->stat("repo/a.txt")->mode, 0755U);
    QVERIFY(!bench.call("write_file", write).isError); // what it wrote itself it knows
}

void FileToolsTest::anEditKeepsTheFilesHabits()
{
    ToolBench bench(StageId::Coding);
    bench.put("a.py", "\xEF\xBB\xBF" "def a():\r\n    return 1\r\n\r\ndef b():\r\n    return 1\r\n");
    const auto outcome = bench.call("edit_file", {{"filepath", "a.py"}, {"old_str", "def b():\n    return 1"}, {"new_str", "def b():\n    return 2"}});
    QVERIFY2(!outcome.isError, outcome.text.c_str());
    QVERIFY(outcome.changedFiles);
    CONTAINS(outcome.text, "     5→    return 2");
    COMPARE_TEXT(bench.text("a.py"), "\xEF\xBB\xBF" "def a():\r\n    return 1\r\n\r\ndef b():\r\n    return 2\r\n");
    const auto absent = bench.call("edit_file", {{"filepath", "a.py"}, {"old_string", "return 3"}, {"new_string", "x"}});
    QVERIFY(absent.isError);
    CONTAINS(absent.text, "the nearest lines are");
    bench.put("twice", "x\nx\n");
    CONTAINS(bench.call("edit_file", {{"filepath", "twice"}, {"old_string", "x"}, {"new_string", "y"}}).text, "in lines 1, 2");
    QVERIFY(!bench.call("edit_file", {{"filepath", "twice"}, {"old_string", "x"}, {"new_string", "$&\\1"}, {"replace_all", "true"}}).isError);
    COMPARE_TEXT(bench.text("twice"), "$&\\1\n$&\\1\n");
}

void FileToolsTest::anEditOfUnseenChangesDoesNotMakeThemSeen()
{
    ToolBench bench(StageId::Coding);
    bench.put("a.txt", "one\n");
    QVERIFY(!bench.call("read_file", {{"filepath", "a.txt"}}).isError);
    bench.put("a.txt", "one\nunseen\n");
    QVERIFY(!bench.call("edit_file", {{"filepath", "a.txt"}, {"old_string", "one"}, {"new_string", "two"}}).isError);
    QVERIFY(bench.call("write_file", {{"filepath", "a.txt"}, {"content", "x"}}).isError);
    COMPARE_TEXT(bench.text("a.txt"), "two\nunseen\n");
}

void FileToolsTest::rolesWriteWhereTheyMay()
{
    ToolBench bench(StageId::Monitoring);
    bench.context.writablePaths = {"monitoring", "docs"};
    bench.context.frozenPaths = {"docs/frozen"};
    QVERIFY(!bench.call("write_file", {{"filepath", "monitoring/a.yml"}, {"content", "x"}}).isError);
    for (const auto* path : {"src/a.py", "monitoring2/a", "docs/frozen/a", "/workspace/.agent/out/a.txt", "/workspace/x"}) {
        const auto outcome = bench.call("write_file", {{"filepath", path}, {"content", "x"}});
        QVERIFY(outcome.isError);
        CONTAINS(outcome.text, "was not written");
    }
}

void FileToolsTest::documentsLieInTheirFolder()
{
    ToolBench bench(StageId::Architecture);
    bench.context.writablePaths = {"docs"};
    QVERIFY(!bench.call("create_architecture_doc", {{"doc_name", "overview"}, {"content", "# It's `$HOME`\n"}}).isError);
    COMPARE_TEXT(bench.text("docs/architecture/overview.md"), "# It's `$HOME`\n");
    QVERIFY(!bench.call("create_architecture_doc", {{"doc_name", "adr-001.md"}, {"content", "x"}}).isError);
    COMPARE_TEXT(bench.text("docs/architecture/adr-001.md"), "x");
    for (const auto* name : {"../x", "a/b", "..", ".hidden", "a\nb", ""})
        QVERIFY(bench.call("create_architecture_doc", {{"doc_name", name}, {"content", "x"}}).isError);
    QCOMPARE(bench.workspace->list("repo/docs/architecture")->size(), 2U);
}

void FileToolsTest::listsATree()
{
    ToolBench bench(StageId::Coding);
    bench.put(".gitignore", "*.log\n/secret/\n");
    for (const auto* path : {"src/a.py", "src/deep/b.py", "src/x.log", "secret/k", "node_modules/m/index.js", "node_modules/n/index.js"})
        bench.put(path, "12345");
    std::filesystem::create_symlink("src/a.py", bench.path("repo/link"));
    COMPARE_TEXT(bench.call("list_directory", Json::object()).text,
                 "./\n  .gitignore  15 B\n  link -> src/a.py\n  node_modules/  (2 entries)\n  secret/  (1 entries)\n  src/  (and 1 ignored file)\n    a.py  5 B\n    deep/\n");
    COMPARE_TEXT(bench.call("list_directory", {{"path", "src"}, {"depth", 3}}).text, "src/  (and 1 ignored file)\n  a.py  5 B\n  deep/\n    b.py  5 B\n");
    CONTAINS(bench.call("list_directory", {{"path", "src/a.py"}}).text, "is a file; read_file");
    for (int i = 0; i < 300; ++i)
        bench.put("many/" + std::to_string(i), "x");
    const auto many = bench.call("list_directory", Json::object()).text;
    CONTAINS(many, "more entries; list a folder below]");
    CONTAINS(many, "\n  src/"); // a long neighbour hides nobody
    QVERIFY(bytes(many).count('\n') < 210);
}

void FileToolsTest::searches_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char* title, const char* input, const char* answer) { QTest::newRow(title) << QByteArray(input) << QByteArray(answer); };
    row("content", R"({"pattern": "def \\w+"})", "3 matches in 2 files: a.py 2, sub/b.ts 1\na.py:1:def one():\na.py:4:def two():\nsub/b.ts:1:def three\n");
    row("a file", R"({"pattern": "def", "path": "sub/b.ts"})", "1 match in 1 file: sub/b.ts 1\nsub/b.ts:1:def three\n");
    row("a glob", R"({"pattern": "def", "glob": "*.{py,js}", "mode": "files"})", "2 matches in 1 file\na.py");
    row("counts", R"({"pattern": "def", "mode": "count"})", "3 matches in 2 files\na.py 2\nsub/b.ts 1");
    row("another case", R"({"pattern": "DEF THREE", "ignore_case": true})", "1 match in 1 file: sub/b.ts 1\nsub/b.ts:1:def three\n");
    row("neighbours", R"({"pattern": "pass", "context": 1, "path": "a.py"})", "1 match in 1 file: a.py 1\na.py-1-def one():\na.py:2:    pass\na.py-3-\n");
    row("not too many", R"({"pattern": "def", "max_results": 1})", "3 matches in 2 files: a.py 2, sub/b.ts 1; the first 1 are shown\na.py:1:def one():\n");
    row("nothing", R"({"pattern": "absent"})", "no match");
    row("what the shell would take", R"({"pattern": "\\$\\(id\\) 'x' -rf"})", "no match");
}

void FileToolsTest::searches()
{
    QFETCH(const QByteArray, input);
    ToolBench bench(StageId::Coding);
    bench.put(".gitignore", "ignored.py\n");
    bench.put("a.py", "def one():\n    pass\n\ndef two():\r\n");
    bench.put("sub/b.ts", "def three\n");
    bench.put("ignored.py", "def four\n");
    bench.put("node_modules/x.py", "def five\n");
    bench.put("binary", std::string("def\0six", 7));
    QTEST(bytes(bench.call("search_files", Json::parse(input.toStdString())).text), "answer");
}

void FileToolsTest::aCostlyPatternEnds()
{
    ToolBench bench(StageId::Coding);
    std::string lines;
    for (int i = 0; i < 1000; ++i)
        lines += std::string(40, 'a') + "!\n";
    bench.put("a.txt", lines);
    QElapsedTimer timer;
    timer.start();
    const auto outcome = bench.call("search_files", {{"pattern", "(a+)+(a+)+$"}});
    QVERIFY(timer.elapsed() < 10'000);
    QVERIFY(outcome.isError);
    CONTAINS(outcome.text, "takes too long");
    CONTAINS(bench.call("search_files", {{"pattern", "(a"}}).text, "is no regular expression");
}

void FileToolsTest::findsDependencies()
{
    ToolBench bench(StageId::Architecture);
    CONTAINS(bench.call("analyze_dependencies", Json::object()).text, "There is no manifest");
    bench.put("requirements.txt", "requests>=2.0\n");
    bench.put("web/package.json", R"({"devDependencies": {"jest": "^29"}})");
    COMPARE_TEXT(bench.call("analyze_dependencies", Json::object()).text, "requirements.txt: \n  requests  >=2.0  runtime\nweb/package.json: \n  jest  ^29  development\n");
}

QTEST_GUILESS_MAIN(FileToolsTest)
#include "tst_tools_files.moc"
