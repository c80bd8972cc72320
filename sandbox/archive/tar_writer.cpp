#include "sandbox/archive/tar_writer.h"

#include <algorithm>
#include <optional>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

#include "sandbox/archive/dockerignore.h"

namespace aap {
namespace {

constexpr std::size_t kPiece = 64U << 10U;
constexpr std::size_t kMostLeftOut = 200;
constexpr std::string_view kIgnoreFile = ".dockerignore";

struct EndArchive {
    void operator()(archive* tar) const
    {
        archive_write_fail(tar); // else an unfinished file would be filled up here, in memory
        archive_write_free(tar);
    }
};
using Archive = std::unique_ptr<archive, EndArchive>;
using Header = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

la_ssize_t collect(archive* /*archive*/, void* buffer, const void* bytes, std::size_t size)
{
    static_cast<std::string*>(buffer)->append(static_cast<const char*>(bytes), size);
    return la_ssize_t(size);
}

Error archiveError(archive* from, const std::string& path)
{
    const char* words = archive_error_string(from);
    return Error{ErrorCode::Io, path + ": " + (words != nullptr ? words : "the archive could not be written")};
}

std::string megabytes(std::uint64_t bytes)
{
    return std::to_string(bytes >> 20U) + " MB";
}

} // namespace

struct TarWriter::State {
    State(Folder from, TarOptions with) : folder(std::move(from)), options(std::move(with)) {}

    Result<void> list(const std::stop_token& stop);
    Folder::Walk take(const Folder::Entry& entry, const Dockerignore& rules);
    std::string refusal(const Folder::Entry& entry) const;
    Result<Dockerignore> rulesOfFolder() const;
    Result<void> begin();
    Result<void> addNext();
    Result<void> addHeader(const Folder::Entry& entry);
    Result<void> addFilePiece();
    Result<void> openNextFile(const Folder::Entry& entry);
    void leaveOut(const std::string& path, const std::string& why);

    Folder folder;
    TarOptions options;
    std::vector<Folder::Entry> waiting{};
    std::size_t at = 0;
    std::optional<Folder::File> file{}; ///< the one whose content is being written
    std::uint64_t fileLeft = 0;
    std::uint64_t bytes = 0;
    std::size_t written = 0;
    std::string buffer{}; ///< before `tar`, which writes into it until it is gone
    Archive tar{};
    bool finished = false;
    std::vector<std::string> leftOut{};
};

void TarWriter::State::leaveOut(const std::string& path, const std::string& why)
{
    if (leftOut.size() < kMostLeftOut)
        leftOut.push_back(path + ": " + why);
}

Result<Dockerignore> TarWriter::State::rulesOfFolder() const
{
    if (!options.dockerignore)
        return Dockerignore();
    auto text = folder.read(kIgnoreFile, 1U << 20U, Folder::Links::Refuse);
    if (!text && text.error().code == ErrorCode::NotFound)
        return Dockerignore();
    if (!text)
        return std::move(text).error();
    return Dockerignore::parse(*text);
}

std::string TarWriter::State::refusal(const Folder::Entry& entry) const
{
    if (entry.kind == Folder::Kind::Other)
        return "a pipe, socket or device is not packed";
    if (entry.kind == Folder::Kind::Link && !linkStaysBelow(entry.path, entry.target))
        return "the link leaves the folder";
    return {};
}

Folder::Walk TarWriter::State::take(const Folder::Entry& entry, const Dockerignore& rules)
{
    const bool kept = entry.path == kIgnoreFile || entry.path == options.keep;
    const bool aboveKept = options.keep.starts_with(entry.path + "/");
    if (!kept && rules.ignores(entry.path)) {
        // An ignored folder is looked into when something below it may be wanted; the archive makes missing folders by itself.
        return entry.kind == Folder::Kind::Folder && (rules.takeBack() || aboveKept) ? Folder::Walk::Into : Folder::Walk::Skip;
    }
    if (auto why = refusal(entry); !why.empty()) {
        leaveOut(entry.path, why);
        return Folder::Walk::Skip;
    }
    bytes += entry.bytes;
    waiting.push_back(entry);
    return bytes > options.mostBytes ? Folder::Walk::Stop : Folder::Walk::Into;
}

Result<void> TarWriter::State::list(const std::stop_token& stop)
{
    auto rules = rulesOfFolder();
    if (!rules)
        return std::move(rules).error();
    const auto visit = [&](const Folder::Entry& entry) { return stop.stop_requested() ? Folder::Walk::Stop : take(entry, *rules); };
    if (auto walked = folder.walk(".", visit, options.mostEntries); !walked)
        return walked;
    if (stop.stop_requested())
        return Error{ErrorCode::Stopped, "stopped while listing files"};
    if (bytes > options.mostBytes)
        return Error{ErrorCode::Limit, "the files have more than " + megabytes(options.mostBytes), {},
                     "Leave out what is not needed, for example in .dockerignore."};
    bytes = 0; // from here on what is really written
    return {};
}

Result<void> TarWriter::State::begin()
{
    tar.reset(archive_write_new());
    // GNU's format takes names as the bytes they are; pax wants to know what language they speak.
    if (!tar || archive_write_set_format_gnutar(tar.get()) != ARCHIVE_OK || archive_write_set_bytes_per_block(tar.get(), 0) != ARCHIVE_OK
        || archive_write_open(tar.get(), &buffer, nullptr, collect, nullptr) != ARCHIVE_OK)
        return archiveError(tar.get(), "archive");
    return {};
}

Result<void> TarWriter::State::addHeader(const Folder::Entry& entry)
{
    const Header header(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(header.get(), entry.path.c_str());
    archive_entry_set_filetype(header.get(), entry.kind == Folder::Kind::Folder ? S_IFDIR : entry.kind == Folder::Kind::Link ? S_IFLNK : S_IFREG);
    archive_entry_set_perm(header.get(), entry.mode & 0777U);
    archive_entry_set_uid(header.get(), options.owner.first);
    archive_entry_set_gid(header.get(), options.owner.second);
    archive_entry_set_mtime(header.get(), time_t(entry.modifiedNs / 1'000'000'000), 0);
    archive_entry_set_size(header.get(), la_int64_t(entry.bytes));
    if (entry.kind == Folder::Kind::Link)
        archive_entry_set_symlink(header.get(), entry.target.c_str());
    if (archive_write_header(tar.get(), header.get()) < ARCHIVE_WARN)
        return archiveError(tar.get(), entry.path);
    ++written;
    return {};
}

Result<void> TarWriter::State::openNextFile(const Folder::Entry& entry)
{
    auto opened = folder.openFile(entry.path, Folder::Links::Refuse);
    if (!opened) {
        const auto code = opened.error().code;
        if (code != ErrorCode::Invalid && code != ErrorCode::NotFound)
            return std::move(opened).error();
        leaveOut(entry.path, opened.error().detail);
        return {};
    }
    auto current = entry;
    current.bytes = opened->bytes(); // as it is now, not as it was listed
    current.mode = opened->mode();
    bytes += current.bytes;
    if (bytes > options.mostBytes)
        return Error{ErrorCode::Limit, "the files have grown beyond " + megabytes(options.mostBytes)};
    if (auto added = addHeader(current); !added)
        return added;
    file = std::move(*opened);
    fileLeft = current.bytes;
    return {};
}

Result<void> TarWriter::State::addFilePiece()
{
    const auto most = std::size_t(std::min<std::uint64_t>(kPiece, fileLeft));
    auto piece = most == 0 ? Result<std::string>(std::string()) : file->read(most);
    if (!piece)
        return std::move(piece).error();
    if (piece->empty())
        piece->resize(most); // it shrank meanwhile: zeros take the place of what the header promised
    fileLeft -= piece->size();
    if (!piece->empty() && archive_write_data(tar.get(), piece->data(), piece->size()) < 0)
        return archiveError(tar.get(), waiting[at - 1].path);
    if (fileLeft == 0)
        file.reset();
    return {};
}

Result<void> TarWriter::State::addNext()
{
    if (file)
        return addFilePiece();
    if (at == waiting.size()) {
        finished = true;
        return archive_write_close(tar.get()) == ARCHIVE_OK ? Result<void>() : archiveError(tar.get(), "archive");
    }
    const auto& entry = waiting[at++];
    return entry.kind == Folder::Kind::File ? openNextFile(entry) : addHeader(entry);
}

TarWriter::TarWriter(std::unique_ptr<State> state) : m_state(std::move(state)) {}
TarWriter::TarWriter(TarWriter&&) noexcept = default;
TarWriter& TarWriter::operator=(TarWriter&&) noexcept = default;
TarWriter::~TarWriter() = default;

Result<TarWriter> TarWriter::open(Folder folder, TarOptions options, const std::stop_token& stop)
{
    auto state = std::make_unique<State>(std::move(folder), std::move(options));
    if (auto listed = state->list(stop); !listed)
        return std::move(listed).error().during("pack the folder");
    if (auto begun = state->begin(); !begun)
        return std::move(begun).error();
    return TarWriter(std::move(state));
}

Result<std::string> TarWriter::next()
{
    while (!m_state->finished && m_state->buffer.size() < kPiece)
        if (auto added = m_state->addNext(); !added)
            return std::move(added).error().during("pack the folder");
    return std::exchange(m_state->buffer, {});
}

const std::vector<std::string>& TarWriter::leftOut() const
{
    return m_state->leftOut;
}

std::size_t TarWriter::entries() const
{
    return m_state->written;
}

std::function<Result<std::string>()> TarWriter::pieces(std::shared_ptr<TarWriter> writer)
{
    return [writer = std::move(writer)] { return writer->next(); };
}

} // namespace aap
