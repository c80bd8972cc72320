#include <fstream>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QBuffer>
#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QImage>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QTextLayout>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>

#include <sys/stat.h>

#include "ui/artifacts/artifacts_page.h"
#include "ui/artifacts/json_tree.h"
#include "ui/artifacts/preview.h"
#include "ui/artifacts/source_colours.h"
#include "ui/log/log_view.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/line_diff.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

QString written(const std::vector<DiffRow>& rows)
{
    QString all;
    for (const auto& row : rows)
        all += (row.kind == DiffRow::Kind::Added ? u'+' : row.kind == DiffRow::Kind::Removed ? u'-' : row.kind == DiffRow::Kind::Hunk ? u'@' : row.kind == DiffRow::Kind::File ? u'#' : u' ')
            + row.text + u'\n';
    return all;
}

/// Shown without limits of its layout: the platform of tests knows none and says so.
void exhibit(QWidget& page)
{
    page.layout()->setSizeConstraint(QLayout::SetNoConstraint);
    page.resize(900, 400);
    page.show();
}

} // namespace

/// What agents left is looked at with the real pages; hostile content opens and fetches nothing.
class PreviewsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void linesAreCompared_data();
    void linesAreCompared();
    void everyComparisonLeadsFromOldToNew();
    void aLongComparisonEnds();
    void aPatchIsRead();
    void aComparisonShowsSignsAndSides();
    void jsonBecomesATree();
    void badJsonIsNone_data();
    void badJsonIsNone();
    void sourceIsColoured_data();
    void sourceIsColoured();
    void kindsAreTold_data();
    void kindsAreTold();
    void aBombIsNotDecoded();
    void pipesAndLinksAreNotOpened();
    void markdownOpensNothing();
    void markdownBombsStayText_data();
    void markdownBombsStayText();
    void usualMarkdownIsRendered();
    void twoRunsAreCompared();
    void aBigFileIsShownAsALog();

private:
    QString put(const QString& path, const QByteArray& bytes) const
    {
        QFile file(m_folder.filePath(path));
        QDir().mkpath(QFileInfo(file).path());
        if (file.open(QIODevice::WriteOnly))
            file.write(bytes);
        return path;
    }
    static QTreeWidgetItem* itemOf(const QWidget& page, const QString& name)
    {
        for (QTreeWidgetItemIterator at(page.findChild<QTreeWidget*>(QStringLiteral("artifactTree"))); *at != nullptr; ++at)
            if ((*at)->text(0) == name)
                return *at;
        return nullptr;
    }
    static void choose(const QWidget& page, const QString& name)
    {
        auto* item = itemOf(page, name);
        QVERIFY(item != nullptr);
        page.findChild<QTreeWidget*>(QStringLiteral("artifactTree"))->setCurrentItem(item);
    }
    QTemporaryDir m_folder;
};

void PreviewsTest::initTestCase()
{
    applyScheme(Scheme::Light);
}

void PreviewsTest::linesAreCompared_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QString>("rows");
    QTest::newRow("equal") << QStringLiteral("a\nb\n") << QStringLiteral("a\nb\n") << QStringLiteral("@2\n");
    QTest::newRow("new") << QString() << QStringLiteral("a\nb") << QStringLiteral("+a\n+b\n");
    QTest::newRow("gone") << QStringLiteral("a\n") << QString() << QStringLiteral("-a\n");
    QTest::newRow("changed in the middle") << QStringLiteral("a\nb\nc\n") << QStringLiteral("a\nx\nc\n") << QStringLiteral(" a\n-b\n+x\n c\n");
    QTest::newRow("two places") << QStringLiteral("1\n2\n3\n4\n5\n6\n7\n8\n9\n") << QStringLiteral("1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n") << QStringLiteral("@6\n 7\n 8\n 9\n+ten\n");
    QTest::newRow("moved") << QStringLiteral("a\nb\nc") << QStringLiteral("c\na\nb") << QStringLiteral("+c\n a\n b\n-c\n");
}

void PreviewsTest::linesAreCompared()
{
    QFETCH(const QString, before);
    QFETCH(const QString, after);
    QTEST(written(diffLines(before, after)), "rows");
}

void PreviewsTest::everyComparisonLeadsFromOldToNew()
{
    std::srand(7);
    for (int round = 0; round < 300; ++round) {
        QStringList before;
        QStringList after;
        for (int i = std::rand() % 12; i > 0; --i)
            before << QString::number(std::rand() % 5);
        for (int i = std::rand() % 12; i > 0; --i)
            after << QString::number(std::rand() % 5);
        QStringList old;
        QStringList fresh;
        for (const auto& row : diffLines(before.join(u'\n') + u'\n', after.join(u'\n') + u'\n', 100)) {
            if (row.kind == DiffRow::Kind::Hunk)
                continue;
            if (row.kind != DiffRow::Kind::Added)
                old << row.text;
            if (row.kind != DiffRow::Kind::Removed)
                fresh << row.text;
        }
        if (old.isEmpty() && fresh.isEmpty())
            continue; // nothing differs
        QCOMPARE(old, before.isEmpty() ? QStringList(QString()) : before);
        QCOMPARE(fresh, after.isEmpty() ? QStringList(QString()) : after);
    }
}

void PreviewsTest::aLongComparisonEnds()
{
    QString before;
    QString after;
    for (int i = 0; i < 20'000; ++i) {
        before += QStringLiteral("old %1\n").arg(i);
        after += QStringLiteral("new %1\n").arg(i);
    }
    QElapsedTimer watch;
    watch.start();
    const auto rows = diffLines(before, after);
    QCOMPARE(countOf(rows).added, 20'000);
    QCOMPARE(countOf(rows).removed, 20'000);
    QVERIFY2(watch.elapsed() < 10'000, "comparing takes too long");
}

void PreviewsTest::aPatchIsRead()
{
    const auto rows = parseUnifiedDiff(QStringLiteral("diff --git a/x.py b/x.py\nindex 1..2 100644\n--- a/x.py\n+++ b/x.py\n@@ -1,3 +1,3 @@ def\n one\n-two\n+2\n--- not a header\n"
                                                      "+++ nor this\n\\ No newline at end of file\ndiff --git a/y b/y\nBinary files differ\n"));
    QCOMPARE(written(rows), QStringLiteral("#x.py\n@\n one\n-two\n+2\n--- not a header\n+++ nor this\n#y\n").replace(QStringLiteral("--- not"), QStringLiteral("--- not")));
    QCOMPARE(rows[3].oldNumber, 2);
    QCOMPARE(rows[4].newNumber, 2);
}

void PreviewsTest::aComparisonShowsSignsAndSides()
{
    DiffView view;
    view.resize(600, 400);
    view.show(diffLines(QStringLiteral("a\nb\n"), QStringLiteral("a\nc\nd\n")), {});
    static_cast<QWidget&>(view).show();
    QCOMPARE(view.visibleText(), QStringLiteral(" a\n−b\n+c\n+d"));
    view.setSideBySide(true);
    QCOMPARE(view.visibleText(), QStringLiteral(" a\n−b\n+c\n+d"));
    QVERIFY(!view.grab().isNull());
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
}

void PreviewsTest::jsonBecomesATree()
{
    JsonTree tree;
    const QAbstractItemModelTester tester(&tree);
    tree.show(JsonTree::parse(R"({"name":"todo","list":[1,2.50,true,null,"<b>x</b>"],"inner":{"a":{}}})"));
    QCOMPARE(tree.rowCount(), 3);
    QCOMPARE(tree.index(0, 1).data().toString(), QStringLiteral("todo"));
    const auto list = tree.index(1, 0);
    QCOMPARE(list.siblingAtColumn(1).data().toString(), QStringLiteral("[5]"));
    QCOMPARE(tree.rowCount(list), 5);
    QCOMPARE(tree.index(1, 1, list).data().toString(), QStringLiteral("2.50"));
    QCOMPARE(tree.index(4, 1, list).data().toString(), QStringLiteral("<b>x</b>"));
    tree.show(nullptr);
    QCOMPARE(tree.rowCount(), 0);
}

void PreviewsTest::badJsonIsNone_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("cut") << QByteArray("{\"a\":");
    QTest::newRow("deep") << QByteArray(100'000, '[');
    QTest::newRow("wide") << QByteArray("[") + QByteArray("1,").repeated(200'000) + QByteArray("1]");
    QTest::newRow("empty") << QByteArray();
}

void PreviewsTest::badJsonIsNone()
{
    QFETCH(const QByteArray, bytes);
    QVERIFY(JsonTree::parse({bytes.data(), std::size_t(bytes.size())}) == nullptr);
}

void PreviewsTest::sourceIsColoured_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");
    QTest::addColumn<int>("begin");
    QTest::addColumn<int>("length");
    QTest::newRow("a word of Python") << QStringLiteral("a/b.py") << QStringLiteral("def f(): pass") << 0 << 3;
    QTest::newRow("a comment") << QStringLiteral("x.sh") << QStringLiteral("ls # list") << 3 << 6;
    QTest::newRow("a text with a quote in it") << QStringLiteral("x.cpp") << QStringLiteral("f(\"a\\\"b\")") << 2 << 6;
    QTest::newRow("a key") << QStringLiteral("x.yml") << QStringLiteral("my-key: 1") << 0 << 6;
    QTest::newRow("by file name") << QStringLiteral("deploy/Dockerfile") << QStringLiteral("FROM debian") << 0 << 4;
    QTest::newRow("variant of a name") << QStringLiteral("Dockerfile.test") << QStringLiteral("RUN ls") << 0 << 3;
}

void PreviewsTest::sourceIsColoured()
{
    QFETCH(const QString, path);
    QFETCH(const QString, line);
    QFETCH(const int, begin);
    QFETCH(const int, length);
    QPlainTextEdit editor;
    SourceColours colours(editor.document());
    editor.setPlainText(line);
    QVERIFY(languageOf(path) != nullptr);
    colours.setLanguage(languageOf(path));
    const auto formats = editor.document()->firstBlock().layout()->formats();
    QVERIFY(std::any_of(formats.begin(), formats.end(), [&](const auto& range) { return range.start == begin && range.length == length; }));
    QVERIFY(languageOf(QStringLiteral("notes.txt")) == nullptr);
}

void PreviewsTest::kindsAreTold_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    QByteArray png;
    QBuffer buffer(&png);
    QImage picture(4, 3, QImage::Format_RGB32);
    picture.fill(Qt::red);
    picture.save(&buffer, "PNG");
    QTest::newRow("text") << QStringLiteral("a.py") << QByteArray("x = 1\n") << int(Preview::Kind::Text);
    QTest::newRow("markdown") << QStringLiteral("a.md") << QByteArray("# x") << int(Preview::Kind::Markdown);
    QTest::newRow("json") << QStringLiteral("a.json") << QByteArray("{\"a\":1}") << int(Preview::Kind::Tree);
    QTest::newRow("bad json is text") << QStringLiteral("a.json") << QByteArray("{") << int(Preview::Kind::Text);
    QTest::newRow("picture") << QStringLiteral("a.png") << png << int(Preview::Kind::Picture);
    QTest::newRow("picture under another name") << QStringLiteral("a.txt") << png << int(Preview::Kind::Picture);
    QTest::newRow("no picture at all") << QStringLiteral("a.png") << QByteArray("\x89PNG\r\n\x1a\n\0\0", 10) << int(Preview::Kind::Binary);
    QTest::newRow("drawing stays source") << QStringLiteral("a.svg") << QByteArray("<svg><image href='/etc/passwd'/></svg>") << int(Preview::Kind::Text);
    QTest::newRow("binary") << QStringLiteral("a.bin") << QByteArray("a\0b", 3) << int(Preview::Kind::Binary);
    QTest::newRow("big") << QStringLiteral("a.log") << QByteArray(3 << 20, 'x') << int(Preview::Kind::Big);
    QTest::newRow("many lines") << QStringLiteral("a.csv") << QByteArray("1,2\n").repeated(30'000) << int(Preview::Kind::Big);
}

void PreviewsTest::kindsAreTold()
{
    QFETCH(const QString, path);
    QFETCH(const QByteArray, bytes);
    put(path, bytes);
    const auto preview = readPreview(m_folder.path(), path, {});
    QTEST(int(preview.kind), "kind");
    QVERIFY(!preview.note.isEmpty());
}

void PreviewsTest::aBombIsNotDecoded()
{
    QByteArray png;
    QBuffer buffer(&png);
    QImage(1, 1, QImage::Format_Mono).save(&buffer, "PNG");
    png.replace(16, 8, QByteArray("\0\0\xff\xff\0\0\xff\xff", 8)); // its header says 65535 × 65535
    const quint32 crc = [&png] { // of the header, so that only its size is strange
        quint32 sum = 0xffffffff;
        for (int i = 12; i < 29; ++i) {
            sum ^= quint8(png[i]);
            for (int bit = 0; bit < 8; ++bit)
                sum = (sum >> 1) ^ (sum & 1 ? 0xedb88320 : 0);
        }
        return ~sum;
    }();
    for (int i = 0; i < 4; ++i)
        png[29 + i] = char(crc >> (24 - 8 * i));
    put(QStringLiteral("bomb.png"), png);
    const auto preview = readPreview(m_folder.path(), QStringLiteral("bomb.png"), {});
    QVERIFY(preview.picture.isNull());
    QVERIFY2(preview.note.contains(QStringLiteral("65535")), qPrintable(preview.note));
}

void PreviewsTest::pipesAndLinksAreNotOpened()
{
    QCOMPARE(::mkfifo(m_folder.filePath(QStringLiteral("pipe.md")).toLocal8Bit().constData(), 0600), 0);
    QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), m_folder.filePath(QStringLiteral("passwd.txt"))));
    for (const auto* name : {"pipe.md", "passwd.txt", "../outside", "/etc/passwd"}) {
        const auto preview = readPreview(m_folder.path(), QString::fromLatin1(name), {});
        QCOMPARE(preview.kind, Preview::Kind::Nothing);
        QVERIFY(preview.words.isEmpty());
    }
    for (const auto& entry : listArtifacts(m_folder.path(), {}))
        QVERIFY(entry.path != QStringLiteral("pipe.md") && entry.path != QStringLiteral("passwd.txt"));
}

void PreviewsTest::markdownOpensNothing()
{
    const auto pipe = m_folder.filePath(QStringLiteral("trap.png"));
    QCOMPARE(::mkfifo(pipe.toLocal8Bit().constData(), 0600), 0); // who opens it waits for ever
    put(QStringLiteral("run/evil.md"), "![x](" + pipe.toUtf8() + ")\n\n<img src=\"" + pipe.toUtf8() + "\">\n\n[go](file:///etc/passwd) **bold**");
    ArtifactsPage page;
    exhibit(page);
    page.setFolder(m_folder.filePath(QStringLiteral("run")));
    QTRY_VERIFY(itemOf(page, QStringLiteral("evil.md")) != nullptr);
    choose(page, QStringLiteral("evil.md"));
    auto* rendered = page.findChild<QTextBrowser*>(QStringLiteral("artifactRendered"));
    QTRY_VERIFY(rendered->toPlainText().contains(QStringLiteral("bold")));
    QVERIFY(rendered->isVisible());
    QVERIFY(!page.grab().isNull()); // painted, and nobody waited
    QVERIFY(!rendered->openLinks());
}

void PreviewsTest::markdownBombsStayText_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto lines = [](const QByteArray& piece, int each, int count) { return (piece.repeated(each) + '\n').repeated(count); }; // longer lines are cut
    QTest::newRow("entities") << lines("&amp;", 100, 500);
    QTest::newRow("pictures") << lines("![](x) ", 100, 300);
    QTest::newRow("links") << lines("[a](b)", 100, 400);
    QTest::newRow("a long table") << QByteArray("|a|b|\n|-|-|\n") + QByteArray("|1|2|\n").repeated(15'000);
    QTest::newRow("lists in lists") << lines("- ", 1000, 100);
    QTest::newRow("brackets") << lines("[", 3900, 50);
    QTest::newRow("one paragraph") << lines("x", 3900, 60);
    QTest::newRow("lines") << QByteArray("# a\n").repeated(19'000);
}

/// To render them takes Qt up to minutes, in which the window would stand still.
void PreviewsTest::markdownBombsStayText()
{
    QFETCH(const QByteArray, bytes);
    put(QStringLiteral("bombs/bomb.md"), bytes);
    ArtifactsPage page;
    exhibit(page);
    page.setFolder(m_folder.filePath(QStringLiteral("bombs")));
    QTRY_VERIFY(itemOf(page, QStringLiteral("bomb.md")) != nullptr);
    choose(page, QStringLiteral("bomb.md"));
    const auto* words = page.findChild<QPlainTextEdit*>(QStringLiteral("artifactView"));
    QTRY_VERIFY(words->isVisible() && !words->toPlainText().isEmpty());
    QVERIFY(!page.findChild<QTextBrowser*>(QStringLiteral("artifactRendered"))->isVisible());
}

void PreviewsTest::usualMarkdownIsRendered()
{
    QFile readme(QStringLiteral(AAP_SOURCE_DIR "/README.md"));
    QVERIFY(readme.open(QIODevice::ReadOnly));
    QVERIFY(isQuickMarkdown(QString::fromUtf8(readme.readAll()), 300));
    QVERIFY(isQuickMarkdown(QStringLiteral("Some **words** and `code` of a usual length in a usual paragraph.\n\n").repeated(500), 50));
    QVERIFY(isQuickMarkdown({}, 1));
}

void PreviewsTest::twoRunsAreCompared()
{
    for (const auto& [path, bytes] : {std::pair{"runs/1/run.json", "{}"}, {"runs/1/src/a.py", "x = 1\n"}, {"runs/1/src/gone.py", "old"}, {"runs/2/run.json", "{}"},
                                      {"runs/2/src/a.py", "x = 2\n"}, {"runs/2/src/new.py", "new"}})
        put(QString::fromLatin1(path), bytes);
    ArtifactsPage page;
    exhibit(page);
    page.setFolder(m_folder.filePath(QStringLiteral("runs/2")));
    auto* other = page.findChild<QComboBox*>(QStringLiteral("artifactOther"));
    QTRY_COMPARE(other->count(), 2);
    other->setCurrentIndex(1);
    QTRY_VERIFY(itemOf(page, QStringLiteral("gone.py")) != nullptr);
    QCOMPARE(itemOf(page, QStringLiteral("a.py"))->text(1), QStringLiteral("~"));
    QCOMPARE(itemOf(page, QStringLiteral("new.py"))->text(1), QStringLiteral("+"));
    QCOMPARE(itemOf(page, QStringLiteral("gone.py"))->text(1), QStringLiteral("−"));
    QCOMPARE(itemOf(page, QStringLiteral("run.json"))->text(1), QStringLiteral("="));
    choose(page, QStringLiteral("a.py"));
    auto* title = page.findChild<QLabel*>(QStringLiteral("artifactTitle"));
    QTRY_VERIFY(title->text().contains(QStringLiteral("+1 −1")));
    page.findChild<QTabBar*>(QStringLiteral("artifactTabs"))->setCurrentIndex(2);
    QCOMPARE(page.findChild<DiffView*>(QStringLiteral("artifactChanges"))->visibleText(), QStringLiteral("−x = 1\n+x = 2"));
    QTest::keyClicks(page.findChild<QLineEdit*>(QStringLiteral("artifactFilter")), QStringLiteral("new"));
    QVERIFY(itemOf(page, QStringLiteral("a.py"))->isHidden());
    QVERIFY(!itemOf(page, QStringLiteral("new.py"))->isHidden());
    QVERIFY(!itemOf(page, QStringLiteral("src"))->isHidden());
}

void PreviewsTest::aBigFileIsShownAsALog()
{
    put(QStringLiteral("big/all.log"), QByteArray("a line of it\n").repeated(300'000));
    ArtifactsPage page;
    exhibit(page);
    page.setFolder(m_folder.filePath(QStringLiteral("big")));
    QTRY_VERIFY(itemOf(page, QStringLiteral("all.log")) != nullptr);
    choose(page, QStringLiteral("all.log"));
    const auto* log = page.findChild<LogView*>(QStringLiteral("artifactBig"));
    QTRY_COMPARE(log->lineCount(), 300'000U);
    QVERIFY(log->isVisible());
}

QTEST_MAIN(PreviewsTest)
#include "tst_previews.moc"
