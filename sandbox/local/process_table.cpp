#include "sandbox/local/process_table.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>

#include <unistd.h>

#include "core/base/files.h"

namespace aap {
namespace {

/// Of a process that may end meanwhile: then it is empty.
std::string contentOf(const std::filesystem::path& file)
{
    constexpr std::size_t most = 1U << 20U;
    return readFile(file, most).value_or("");
}

/// See proc(5): the name stands in brackets and may hold brackets and spaces itself.
std::optional<ProcessRow> readRow(pid_t pid)
{
    const auto folder = std::filesystem::path("/proc") / std::to_string(pid);
    const auto text = contentOf(folder / "stat");
    const auto from = text.find('(');
    const auto to = text.rfind(')');
    if (from == text.npos || to == text.npos || to < from)
        return std::nullopt;
    ProcessRow row{.pid = pid, .name = text.substr(from + 1, to - from - 1)};
    std::istringstream rest(text.substr(to + 1));
    std::uint64_t user = 0;
    std::uint64_t system = 0;
    std::uint64_t pages = 0;
    std::string skipped;
    rest >> row.state >> row.parent;
    for (int field = 5; field < 14; ++field)
        rest >> skipped;
    rest >> user >> system;
    for (int field = 16; field < 24; ++field)
        rest >> skipped;
    rest >> pages;
    row.cpuTicks = user + system;
    row.residentBytes = pages * std::uint64_t(::sysconf(_SC_PAGESIZE));
    return rest ? std::optional(std::move(row)) : std::nullopt;
}

std::vector<ProcessRow> allProcesses()
{
    std::vector<ProcessRow> rows;
    std::error_code failed;
    for (std::filesystem::directory_iterator at("/proc", failed); !failed && at != std::filesystem::directory_iterator(); at.increment(failed)) {
        const auto name = at->path().filename().string();
        pid_t pid = 0;
        const auto end = name.data() + name.size();
        if (std::from_chars(name.data(), end, pid).ptr == end)
            if (auto row = readRow(pid))
                rows.push_back(*std::move(row));
    }
    return rows;
}

} // namespace

std::uint64_t proportionalBytes(const ProcessRow& row)
{
    std::istringstream lines(contentOf(std::filesystem::path("/proc") / std::to_string(row.pid) / "smaps_rollup"));
    std::string key;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::uint64_t kib = 0;
        if (words >> key >> kib && key == "Pss:")
            return kib << 10U;
    }
    return row.residentBytes;
}

std::vector<ProcessRow> descendantsOf(pid_t ancestor)
{
    auto rest = allProcesses();
    std::vector<ProcessRow> found;
    std::set<pid_t> family{ancestor};
    for (bool grew = true; grew;) { // a child may have a lower number than its parent
        const auto strangers = std::partition(rest.begin(), rest.end(), [&](const ProcessRow& row) { return family.contains(row.parent); });
        grew = strangers != rest.begin();
        for (auto at = rest.begin(); at != strangers; ++at)
            family.insert(at->pid);
        found.insert(found.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(strangers));
        rest.erase(rest.begin(), strangers);
    }
    for (auto& row : found) {
        row.words = contentOf(std::filesystem::path("/proc") / std::to_string(row.pid) / "cmdline");
        std::ranges::replace(row.words, '\0', ' ');
    }
    return found;
}

} // namespace aap
