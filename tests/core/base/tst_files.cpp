#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"

using namespace aap;

class FilesTest : public QObject {
    Q_OBJECT

private slots:
    void whatIsWrittenComesBack();
    void aFileThatCannotBeReplacedKeepsItsOldContent();
    void readingRefusesWhatIsNoRegularFile();
    void readingStopsAtTheLimit();
    void hashesAreThoseOfSha256sum();

private:
    std::filesystem::path inFolder(const char* name) const { return std::filesystem::path(m_folder.path().toStdString()) / name; }
    QTemporaryDir m_folder;
};

void FilesTest::whatIsWrittenComesBack()
{
    const auto path = inFolder("new/folder/file");
    const std::string content("a\0b\xff\n", 5);
    QVERIFY(writeFileAtomically(path, content, FileMode::Private));
    QCOMPARE(*readFile(path), content);
    struct stat status {};
    QCOMPARE(::stat(path.c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
}

void FilesTest::aFileThatCannotBeReplacedKeepsItsOldContent()
{
    const auto folder = inFolder("occupied");
    std::filesystem::create_directories(folder / "by a folder");
    const auto failed = writeFileAtomically(folder, "text");
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::Io);
    QVERIFY(std::filesystem::is_directory(folder / "by a folder"));
}

void FilesTest::readingRefusesWhatIsNoRegularFile()
{
    const auto fifo = inFolder("fifo");
    QCOMPARE(::mkfifo(fifo.c_str(), 0600), 0);
    QCOMPARE(readFile(fifo).error().code, ErrorCode::Invalid); // and does not wait for a writer
    QCOMPARE(readFile(inFolder("absent")).error().code, ErrorCode::NotFound);
}

void FilesTest::readingStopsAtTheLimit()
{
    QVERIFY(writeFileAtomically(inFolder("ten"), "0123456789"));
    QCOMPARE(readFile(inFolder("ten"), 9).error().code, ErrorCode::Limit);
    QCOMPARE(readFile(inFolder("ten"), 10)->size(), 10U);
}

void FilesTest::hashesAreThoseOfSha256sum()
{
    QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QVERIFY(writeFileAtomically(inFolder("abc"), "abc"));
    QCOMPARE(*sha256OfFile(inFolder("abc")), sha256("abc"));
}

QTEST_GUILESS_MAIN(FilesTest)
#include "tst_files.moc"
