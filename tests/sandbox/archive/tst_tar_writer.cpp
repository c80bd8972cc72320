#include "sandbox/archive/tar_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"

using namespace aap;
namespace fs = std::filesystem;

namespace {

struct Packed {
    std::string path{};
    std::string content{};
    std::string target{};
    unsigned mode = 0;
    std::int64_t uid = -1;
    std::int64_t gid = -1;
    unsigned type = 0;
};

std::vector<Packed> unpack(const std::string& tar)
{
    std::vector<Packed> entries;
    archive* reader = archive_read_new();
    archive_read_support_format_tar(reader);
    archive_read_open_memory(reader, tar.data(), tar.size());
    archive_entry* header = nullptr;
    while (archive_read_next_header(reader, &header) == ARCHIVE_OK) {
        Packed entry{.path = archive_entry_pathname(header), .mode = archive_entry_mode(header) & 07777U,
                     .uid = archive_entry_uid(header), .gid = archive_entry_gid(header), .type = archive_entry_filetype(header)};
        if (const char* target = archive_entry_symlink(header))
            entry.target = target;
        entry.content.resize(std::size_t(archive_entry_size(header)));
        archive_read_data(reader, entry.content.data(), entry.content.size());
        entries.push_back(std::move(entry));
    }
    archive_read_free(reader);
    return entries;
}

QByteArrayList pathsOf(const std::vector<Packed>& entries)
{
    QByteArrayList paths;
    for (const auto& entry : entries)
        paths << QByteArray::fromStdString(entry.path);
    return paths;
}

} // namespace

class TarWriterTest : public QObject {
    Q_OBJECT
private slots:
    void init();
    void filesFoldersAndLinksInOrder();
    void whatIsDangerousIsLeftOut();
    void ownerAndModesAreOurs();
    void namesOfAnyBytes();
    void dockerignoreIsObeyed();
    void bigFilesComeInPieces();
    void aFileThatShrinksOrGrowsMeanwhile();
    void limitsHold();
    void stopping();

private:
    void put(const std::string& path, const std::string& content = "x") { QVERIFY(writeFileAtomically(root() / path, content)); }
    fs::path root() const { return m_folder->path().toStdString(); }
    Result<TarWriter> writer(TarOptions options = {}) const { return TarWriter::open(*Folder::open(root()), std::move(options), {}); }
    std::vector<Packed> pack(TarOptions options = {});

    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<std::string> m_leftOut;
};

void TarWriterTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

std::vector<Packed> TarWriterTest::pack(TarOptions options)
{
    auto made = writer(std::move(options));
    if (!made)
        return {};
    std::string tar;
    for (;;) {
        auto piece = made->next();
        if (!piece || piece->empty())
            break;
        tar += *piece;
    }
    m_leftOut = made->leftOut();
    return unpack(tar);
}

void TarWriterTest::filesFoldersAndLinksInOrder()
{
    put("b/z", "last");
    put("b/a", "");
    put("a.txt", "first");
    fs::create_symlink("../a.txt", root() / "b" / "link");
    const auto entries = pack();
    QCOMPARE(pathsOf(entries), QByteArrayList({"a.txt", "b/", "b/a", "b/link", "b/z"}));
    QCOMPARE(entries[0].content.c_str(), "first");
    QCOMPARE(entries[3].target.c_str(), "../a.txt");
    QCOMPARE(entries[4].content.c_str(), "last");
    QVERIFY(m_leftOut.empty());
}

void TarWriterTest::whatIsDangerousIsLeftOut()
{
    put("good");
    put("twice");
    QTemporaryDir elsewhere;
    fs::create_hard_link(root() / "twice", fs::path(elsewhere.path().toStdString()) / "second");
    QCOMPARE(::mkfifo((root() / "pipe").c_str(), 0600), 0);
    fs::create_symlink("/etc/shadow", root() / "absolute");
    fs::create_symlink("../../etc/shadow", root() / "out");
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = (root() / "socket").string();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    QCOMPARE(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
    QCOMPARE(pathsOf(pack()), QByteArrayList({"good"}));
    QCOMPARE(m_leftOut.size(), 5U);
    QVERIFY(m_leftOut[0].starts_with("absolute: "));
}

void TarWriterTest::ownerAndModesAreOurs()
{
    put("program");
    QCOMPARE(::chmod((root() / "program").c_str(), 06755), 0);
    const auto entries = pack({.owner = {1000, 1001}});
    QCOMPARE(entries.size(), 1U);
    QCOMPARE(entries[0].mode, 0755U);
    QCOMPARE(entries[0].uid, 1000);
    QCOMPARE(entries[0].gid, 1001);
}

void TarWriterTest::namesOfAnyBytes()
{
    const auto longName = std::string(200, 'n') + "/" + std::string(200, 'm');
    const std::string strange = "a\n\x1b[31m\xff";
    put(longName);
    put(strange);
    const auto entries = pack();
    fs::remove(root() / strange); // Qt would not find it again
    QCOMPARE(entries.size(), 3U);
    QCOMPARE(entries[0].path, strange);
    QCOMPARE(entries[2].path, longName);
}

void TarWriterTest::dockerignoreIsObeyed()
{
    put(".dockerignore", "*\n!todo\n**/__pycache__\n");
    put("Dockerfile");
    put("README.md");
    put("todo/server.py");
    put("todo/__pycache__/server.pyc");
    put("tests/test_it.py");
    QCOMPARE(pathsOf(pack({.dockerignore = true, .keep = "Dockerfile"})),
             QByteArrayList({".dockerignore", "Dockerfile", "todo/", "todo/server.py"}));
    QCOMPARE(pack().size(), 9U);

    put(".dockerignore", "docker\n");
    put("docker/Dockerfile");
    put("docker/other");
    QVERIFY(pathsOf(pack({.dockerignore = true, .keep = "docker/Dockerfile"})).contains("docker/Dockerfile"));
    QVERIFY(!pathsOf(pack({.dockerignore = true, .keep = "docker/Dockerfile"})).contains("docker/other"));
}

void TarWriterTest::bigFilesComeInPieces()
{
    std::string big;
    for (int i = 0; big.size() < (5U << 20U); ++i)
        big += std::to_string(i);
    put("big", big);
    auto made = writer();
    QVERIFY(made);
    std::string tar;
    std::size_t biggest = 0;
    for (auto piece = made->next(); piece && !piece->empty(); piece = made->next()) {
        biggest = std::max(biggest, piece->size());
        tar += *piece;
    }
    QVERIFY(biggest < (200U << 10U));
    const auto entries = unpack(tar);
    QCOMPARE(entries.size(), 1U);
    QVERIFY(entries[0].content == big);
}

void TarWriterTest::aFileThatShrinksOrGrowsMeanwhile()
{
    const std::size_t size = 1U << 20U;
    put("grows", std::string(size, 'g'));
    put("shrinks", std::string(size, 's'));
    auto made = writer();
    QVERIFY(made);
    auto tar = *made->next(); // "grows" is open now
    fs::resize_file(root() / "grows", 2 * size);
    while (tar.find("shrinks") == std::string::npos)
        tar += *made->next();
    fs::resize_file(root() / "shrinks", 1);
    for (auto piece = made->next(); piece && !piece->empty(); piece = made->next())
        tar += *piece;
    const auto entries = unpack(tar);
    QCOMPARE(pathsOf(entries), QByteArrayList({"grows", "shrinks"}));
    QVERIFY(entries[0].content == std::string(size, 'g'));
    QCOMPARE(entries[1].content.size(), size);
    QCOMPARE(entries[1].content.back(), '\0');
}

void TarWriterTest::limitsHold()
{
    put("a", "12345");
    put("b", "12345");
    const auto tooBig = writer({.mostBytes = 9});
    QVERIFY(!tooBig);
    QCOMPARE(tooBig.error().code, ErrorCode::Limit);
    const auto tooMany = writer({.mostEntries = 1});
    QVERIFY(!tooMany);
    QCOMPARE(tooMany.error().code, ErrorCode::Limit);
    QVERIFY(writer({.mostBytes = 10, .mostEntries = 2}));

    auto grown = writer({.mostBytes = 10});
    fs::resize_file(root() / "b", 1U << 30U);
    auto piece = grown->next();
    QVERIFY(!piece);
    QCOMPARE(piece.error().code, ErrorCode::Limit);
}

void TarWriterTest::stopping()
{
    put("a");
    std::stop_source stop;
    stop.request_stop();
    const auto made = TarWriter::open(*Folder::open(root()), {}, stop.get_token());
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Stopped);
}

QTEST_GUILESS_MAIN(TarWriterTest)
#include "tst_tar_writer.moc"
