#include "app/doctor_checks.h"

#include <charconv>
#include <limits>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/config/secret_store.h"
#include "core/store/journal.h"

namespace aap {
namespace {

using Status = Finding::Status;
namespace fs = std::filesystem;

constexpr std::uintmax_t kGigabyte = 1'000'000'000;

/// The folder itself, or the nearest one above it that exists: there it will be made.
fs::path nearestExisting(const fs::path& folder)
{
    std::error_code ignored;
    auto place = fs::absolute(folder).lexically_normal();
    while (!fs::exists(place, ignored) && place != place.root_path())
        place = place.parent_path();
    return place;
}

/// MemAvailable of /proc/meminfo in MB: what programs can have without swapping.
Result<std::uintmax_t> availableMemory()
{
    const auto text = readFile("/proc/meminfo", 64U << 10U);
    if (!text)
        return text.error();
    constexpr std::string_view label = "MemAvailable:";
    const auto at = text->find(label);
    const auto digits = at == text->npos ? at : text->find_first_not_of(' ', at + label.size());
    std::uintmax_t kilobytes = 0;
    if (digits == text->npos || std::from_chars(text->data() + digits, text->data() + text->size(), kilobytes).ec != std::errc())
        return Error{ErrorCode::Protocol, "/proc/meminfo does not say how much memory is free"};
    return kilobytes / 1024;
}

} // namespace

Examined diskVerdict(const std::string& folder, std::uintmax_t freeBytes)
{
    const auto detail = fmt::format("{:.1f} GB free in {}", double(freeBytes) / double(kGigabyte), folder);
    if (freeBytes < kGigabyte)
        return {Status::Fail, detail, "Free at least 1 GB there before a run; 5 GB are better."};
    if (freeBytes < 5 * kGigabyte)
        return {Status::Warn, detail, "Free some space there: images and results of a run may need more."};
    return {Status::Ok, detail};
}

Examined memoryVerdict(std::uintmax_t freeMb, std::uintmax_t neededMb)
{
    const auto detail = fmt::format("{} MB free, a sandbox may use {} MB", freeMb, neededMb);
    if (freeMb < neededMb)
        return {Status::Warn, detail, "Close other programs, or set sandbox.memory_mb to less."};
    return {Status::Ok, detail};
}

Result<Examined> checkDisk(const DoctorParts& parts, const std::stop_token& stop)
{
    std::vector<fs::path> folders{parts.config.workspacePath, parts.config.defaultOutputDir};
    if (const auto engine = engineFolder(parts, stop); !engine.empty())
        folders.push_back(engine);
    fs::path scarcest;
    auto least = std::numeric_limits<std::uintmax_t>::max();
    for (const auto& folder : folders) {
        std::error_code failed;
        const auto place = nearestExisting(folder);
        const auto space = fs::space(place, failed);
        if (failed)
            return Error{ErrorCode::Io, fmt::format("cannot look at {}: {}", place.string(), failed.message()), {}, "Check its permissions."};
        if (space.available < least) {
            least = space.available;
            scarcest = place;
        }
    }
    return diskVerdict(scarcest.string(), least);
}

Result<Examined> checkMemory(const DoctorParts& parts, const std::stop_token& /*stop*/)
{
    const auto available = availableMemory();
    if (!available)
        return available.error();
    return memoryVerdict(*available, std::uintmax_t(parts.config.sandbox.memoryMb));
}

Result<Examined> checkKeychain(const DoctorParts& parts, const std::stop_token& stop)
{
    if (parts.keychain == nullptr)
        return Examined{.detail = "not asked"};
    const auto kept = parts.keychain->read("anthropic_api_key", stop);
    if (kept)
        return Examined{.detail = "reachable, and a key is in it"};
    if (kept.error().code == ErrorCode::NotFound)
        return Examined{.detail = "reachable, no key is in it"};
    return kept.error();
}

/// Looks only: a run makes the folder and closes it to others, which a mere question must not do to a folder named by mistake.
Result<Examined> checkWorkspace(const DoctorParts& parts, const std::stop_token& /*stop*/)
{
    const auto folder = fs::absolute(parts.config.workspacePath).lexically_normal();
    const auto place = nearestExisting(folder);
    const auto problem = [&place](const std::string& what) {
        return Error{ErrorCode::Io, place.string() + what, {}, "Name another folder in workspace_path, or correct this one's permissions."};
    };
    struct stat status {};
    if (::stat(place.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
        return problem(" is not a folder");
    if (place == folder && status.st_uid != ::geteuid())
        return problem(" belongs to somebody else");
    if (::access(place.c_str(), W_OK | X_OK) != 0)
        return problem(" cannot be written");
    return Examined{.detail = folder.string() + (place == folder ? ", writable" : ", will be made")};
}

Result<Examined> checkJournal(const DoctorParts& parts, const std::stop_token& /*stop*/)
{
    const auto journal = openSqliteJournal(parts.folders.data / "journal.sqlite");
    if (!journal)
        return journal.error();
    const auto runs = (*journal)->runs();
    if (!runs)
        return runs.error();
    return Examined{.detail = fmt::format("{} {}", runs->size(), runs->size() == 1 ? "run" : "runs")};
}

} // namespace aap
