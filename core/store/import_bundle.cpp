#include "core/store/import_bundle.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include "core/base/beneath.h"
#include "core/base/ids.h"
#include "core/base/paths.h"
#include "core/domain/run_state.h"
#include "core/llm/bounded_json.h"
#include "core/store/bundle_reader.h"
#include "core/store/journal.h"
#include "core/store/tree_rules.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostImportedBytes = 4ULL << 30U;

/// The folder of imports while one is going on, with what is not whole yet in a folder that goes with the object.
class ImportPlace {
public:
    static Result<ImportPlace> take(const fs::path& into)
    {
        if (auto made = makePrivateFolder(into); !made)
            return std::move(made).error();
        ImportPlace place(into, ::open(into.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (place.m_folder < 0)
            return Error{ErrorCode::Io, "cannot open " + into.string() + ": " + std::strerror(errno)};
        if (::flock(place.m_folder, LOCK_EX | LOCK_NB) != 0) {
            ::close(std::exchange(place.m_folder, -1));
            return Error{ErrorCode::Unavailable, "another import is going on", {}, "Try again when it has ended."};
        }
        fs::remove_all(place.unfinished(), place.m_ignored); // of a program that was killed
        if (auto made = makePrivateFolder(place.unfinished()); !made)
            return std::move(made).error();
        return place;
    }
    ImportPlace(ImportPlace&& other) noexcept : m_into(std::move(other.m_into)), m_folder(std::exchange(other.m_folder, -1)) {}
    ImportPlace& operator=(ImportPlace&&) = delete;
    ~ImportPlace()
    {
        if (m_folder < 0)
            return;
        fs::remove_all(unfinished(), m_ignored);
        ::close(m_folder);
    }

    fs::path unfinished() const { return m_into / ".unfinished"; }
    fs::path of(const std::string& runId) const { return m_into / runId; }
    /// What was unpacked is the run's folder from now on, and on disk.
    Result<void> settle(const std::string& runId)
    {
        std::error_code failed;
        fs::remove_all(of(runId), failed); // left by a program that was killed before the history had the run
        if (::syncfs(m_folder) == 0 && ::rename(unfinished().c_str(), of(runId).c_str()) == 0 && ::fsync(m_folder) == 0)
            return {};
        return Error{ErrorCode::Io, "cannot make " + of(runId).string() + ": " + std::strerror(errno), {}, "Look whether the disk is full."};
    }

private:
    ImportPlace(fs::path into, int folder) : m_into(std::move(into)), m_folder(folder) {}

    fs::path m_into;
    int m_folder;
    std::error_code m_ignored{};
};

Error strangeBundle(const std::string& why)
{
    return Error{ErrorCode::Invalid, "the bundle cannot be imported: " + why, {}, "Ask whoever sent it to make it anew."};
}

bool isBelow(const std::string& path)
{
    const fs::path parts(path);
    return parts.is_relative() && path.find('\0') == std::string::npos && std::ranges::none_of(parts, [](const fs::path& part) { return part == ".."; });
}

bool namesGitFolder(const std::string& path)
{
    return std::ranges::any_of(fs::path(path), [](const fs::path& part) { return isGitFolder(part.string()); });
}

/// Links come last, so that no file is written through one.
class Unpacking {
public:
    Unpacking(const Folder& into, const std::stop_token& stop) : m_into(into), m_stop(stop) {}

    Result<void> take(BundleReader::Part part)
    {
        if (m_stop.stop_requested())
            return Error{ErrorCode::Stopped, "the import was stopped"};
        if (namesGitFolder(part.path))
            return strangeBundle(part.path + " belongs to a git folder, which no bundle of ours has");
        if (!part.isLink)
            return m_into.write(part.path, part.content, {.mode = part.isExecutable ? 0755U : 0644U});
        m_links.push_back(std::move(part));
        return {};
    }
    Result<void> finish()
    {
        for (const auto& link : m_links)
            if (auto written = m_into.writeLink(link.path, link.content, {}); !written)
                return written;
        return {};
    }

private:
    const Folder& m_into;
    const std::stop_token& m_stop;
    std::vector<BundleReader::Part> m_links{};
};

Result<BundleVerification> unpackBundle(const fs::path& bundle, const fs::path& into, const std::stop_token& stop)
{
    const auto folder = Folder::open(into);
    if (!folder)
        return folder.error();
    Unpacking unpacking(*folder, stop);
    BundleReader reader;
    auto found = reader.read(bundle, [&](BundleReader::Part part) { return unpacking.take(std::move(part)); }, kMostImportedBytes);
    if (!found)
        return found;
    if (!found->isGood())
        return Error{ErrorCode::Invalid, "the bundle is not as it was signed", {}, fmt::format("'agent-pipeline bundle verify {}' lists what is wrong with it.", bundle.string())};
    if (!isRunId(found->runId))
        return strangeBundle("'" + found->runId + "' is no id of a run");
    auto finished = unpacking.finish();
    if (finished)
        finished = folder->write(bundle_names::list, reader.list()); // so that 'verify' and others can look later
    if (finished)
        finished = folder->write(bundle_names::signature, reader.signature());
    return finished ? std::move(found) : std::move(finished).error();
}

/// The files that an event names lie in the run's folder.
bool pointsOnlyBelow(const RunEvent& event)
{
    if (const auto* artifact = std::get_if<ArtifactRecorded>(&event.payload))
        return isBelow(artifact->path);
    if (const auto* tool = std::get_if<ToolFinished>(&event.payload))
        return isBelow(tool->log);
    const auto* check = std::get_if<CheckFinished>(&event.payload);
    return check == nullptr || isBelow(check->check.log);
}

Result<std::vector<RunEvent>> bundledEvents(const fs::path& unpacked)
{
    const auto folder = Folder::open(unpacked);
    const auto text = folder ? folder->read("journal.jsonl", BundleReader::kMostFileBytes, Folder::Links::Refuse) : Result<std::string>(folder.error());
    if (!text)
        return strangeBundle("its events cannot be read: " + text.error().detail);
    std::vector<RunEvent> events;
    for (std::string_view rest = *text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        auto event = parseRunEvent(parseBounded(rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (!event || event->seq != std::int64_t(events.size()) + 1 || !pointsOnlyBelow(*event))
            return strangeBundle(fmt::format("line {} of its journal.jsonl is no event of a run", events.size() + 1));
        events.push_back(*std::move(event));
    }
    return events;
}

/// As the history gets them.
Result<std::vector<RunEvent>> importedEvents(const fs::path& unpacked, const fs::path& output, const std::string& publicKey)
{
    auto events = bundledEvents(unpacked);
    if (!events)
        return events;
    RunState state;
    for (const auto& event : *events)
        apply(state, event);
    if (events->empty() || !std::holds_alternative<RunStarted>(events->front().payload) || !state.ending)
        return strangeBundle("its events are not those of a run that has ended");
    auto& started = std::get<RunStarted>(events->front().payload);
    started.output = output.string();
    started.workspace.clear(); // nothing of it is on this machine
    started.signedBy = publicKey;
    return events;
}

Result<ImportedRun> importInto(ImportPlace& place, const fs::path& bundle, Journal& journal, const std::stop_token& stop)
{
    const auto found = unpackBundle(bundle, place.unfinished(), stop);
    if (!found)
        return found.error();
    const auto& runId = found->runId;
    const auto known = journal.events(runId);
    if (!known || !known->empty())
        return known ? Error{ErrorCode::Invalid, "the history has the run " + runId + " already", {}, "'agent-pipeline show " + runId + "' shows it."} : known.error();
    const auto events = importedEvents(place.unfinished(), place.of(runId), found->publicKey);
    if (!events)
        return events.error();
    if (auto settled = place.settle(runId); !settled)
        return std::move(settled).error();
    if (auto written = journal.append(runId, *events); !written) {
        std::error_code ignored;
        fs::remove_all(place.of(runId), ignored);
        return std::move(written).error();
    }
    return ImportedRun{.runId = runId, .publicKey = found->publicKey, .files = found->files.intact};
}

} // namespace

Result<ImportedRun> importBundle(const ImportWish& wish, Journal& journal, const std::stop_token& stop)
{
    auto place = ImportPlace::take(fs::absolute(wish.into).lexically_normal());
    auto imported = place ? importInto(*place, wish.bundle, journal, stop) : Result<ImportedRun>(place.error());
    return imported ? imported : std::move(imported).error().during("import " + wish.bundle.string());
}

} // namespace aap
