#include "app/cli/housekeeping.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "app/cli/printable.h"
#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/base/json_document.h"
#include "core/config/settings.h"
#include "core/store/journal_backup.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

int refusedHousekeeping(const Error& error, std::ostream& err)
{
    err << printable(error.text()) << '\n';
    if (!error.remedy.empty())
        err << printable(error.remedy) << '\n';
    return exitCode(error.code == ErrorCode::Invalid || error.code == ErrorCode::NotFound ? RunEnding::InvalidInput : RunEnding::Failed);
}

std::string sizeText(std::uintmax_t bytes)
{
    if (bytes < 1'000'000)
        return fmt::format("{:.1f} kB", double(bytes) / 1e3);
    return bytes < 1'000'000'000 ? fmt::format("{:.1f} MB", double(bytes) / 1e6) : fmt::format("{:.2f} GB", double(bytes) / 1e9);
}

/// Of what lies in a folder; links count as nothing and are not followed.
std::uintmax_t bytesBelow(const fs::path& folder)
{
    std::uintmax_t bytes = 0;
    std::error_code failed;
    for (auto entry = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, failed); !failed && entry != fs::recursive_directory_iterator();
         entry.increment(failed)) {
        std::error_code unknown;
        if (entry->symlink_status(unknown).type() == fs::file_type::regular)
            if (const auto size = entry->file_size(unknown); !unknown)
                bytes += size;
    }
    return bytes;
}

/// A run that may go, and what goes with it.
struct Goner {
    std::string id{};
    std::string title{};
    fs::path folder{}; ///< empty: there is none, or it is not surely this run's
    std::uintmax_t bytes = 0;
};

/// Only a folder of the run's own name with the run's own file in it is removed.
fs::path ownFolder(const RunSummary& run)
{
    const fs::path folder(run.output);
    std::error_code failed;
    const bool isOwn = isRunId(run.id) && folder.filename() == run.id && fs::symlink_status(folder, failed).type() == fs::file_type::directory
        && fs::symlink_status(folder / "run.json", failed).type() == fs::file_type::regular;
    return isOwn ? folder : fs::path();
}

std::vector<Goner> gonersOf(const std::vector<RunSummary>& runs, std::optional<Milliseconds> olderThan, std::size_t keep, TimePoint at)
{
    std::vector<Goner> goners;
    std::size_t ended = 0;
    for (const auto& run : runs) { // newest first
        if (!run.ending || run.ending == RunEnding::WaitingAtGate)
            continue;
        const bool isOld = !olderThan || at - run.startedAt > *olderThan;
        if (ended++ < keep || !isOld)
            continue;
        const auto folder = ownFolder(run);
        goners.push_back({run.id, run.title, folder, folder.empty() ? 0 : bytesBelow(folder)});
    }
    return goners;
}

Json gonersJson(const std::vector<Goner>& goners, bool isDry)
{
    Json list = Json::array();
    for (const auto& goner : goners)
        list.push_back({{"run_id", goner.id}, {"title", goner.title}, {"folder", goner.folder.string()}, {"bytes", goner.bytes}});
    return {{"dry_run", isDry}, {"runs", std::move(list)}};
}

void tellGoners(const std::vector<Goner>& goners, bool isDry, std::ostream& out)
{
    std::uintmax_t bytes = 0;
    for (const auto& goner : goners) {
        out << fmt::format("{:<24}{:>10}  {}\n", goner.id, goner.folder.empty() ? "-" : sizeText(goner.bytes), cutTo(printable(goner.title), 60));
        bytes += goner.bytes;
    }
    out << fmt::format("{} {} run(s), {}.\n", isDry ? "Would remove" : "Removed", goners.size(), sizeText(bytes));
}

/// The history first: a folder without a line in it is a nuisance, a line without its folder a puzzle.
Result<void> removeGoners(const std::vector<Goner>& goners, const fs::path& journalFile)
{
    std::vector<std::string> ids;
    std::ranges::transform(goners, std::back_inserter(ids), &Goner::id);
    if (auto forgotten = forgetRuns(journalFile, ids); !forgotten)
        return forgotten;
    for (const auto& goner : goners) {
        std::error_code failed;
        if (!goner.folder.empty())
            fs::remove_all(goner.folder, failed);
        if (failed)
            return Error{ErrorCode::Io, goner.folder.string() + " could not be removed: " + failed.message(), {}, "Remove that folder by hand."};
    }
    return {};
}

std::string exportedSettings(const AppConfig& config)
{
    Json json = Json::object();
    for (const auto& setting : settings()) {
        const auto origin = config.origins.find(setting.key);
        const bool isSet = origin != config.origins.end() && origin->second.source != Origin::Source::Default;
        if (!isSet || setting.rule.secret)
            continue;
        auto& place = setting.group().empty() ? json : json[std::string(setting.group())];
        place[std::string(setting.name())] = setting.value(config);
    }
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// The first secret that stands in the file and is none of the placeholders.
std::optional<std::string> secretIn(const Json& root)
{
    for (const auto& setting : settings()) {
        if (!setting.rule.secret)
            continue;
        const auto place = setting.group().empty() ? root : root.value(std::string(setting.group()), Json());
        const auto value = place.is_object() ? place.value(std::string(setting.name()), Json()) : Json();
        if (value.is_string() && !value.get_ref<const std::string&>().empty() && !isPlaceholder(value.get_ref<const std::string&>()))
            return setting.key;
    }
    return std::nullopt;
}

} // namespace

Result<Milliseconds> parseSpan(std::string_view text)
{
    constexpr std::array<std::pair<char, std::int64_t>, 4> kUnits{{{'m', 1}, {'h', 60}, {'d', 24 * 60}, {'w', 7 * 24 * 60}}};
    const Error wrong{ErrorCode::Invalid, fmt::format("'{}' is no span of time", printable(text.substr(0, 40))), {}, "Write a number and m, h, d or w, for example 30d."};
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto unit = std::ranges::find(kUnits, end == text.data() + text.size() ? '\0' : *end, &std::pair<char, std::int64_t>::first);
    constexpr std::int64_t kMostMinutes = 100LL * 366 * 24 * 60;
    if (error != std::errc() || unit == kUnits.end() || end + 1 != text.data() + text.size() || number < 0 || number > kMostMinutes / unit->second)
        return wrong;
    return Milliseconds(std::chrono::minutes(number * unit->second));
}

int pruneRunsCommand(const Options& options, Journal& journal, const fs::path& journalFile, TimePoint at, std::ostream& out, std::ostream& err)
{
    if (options.olderThan.empty() && options.keep < 0)
        return refusedHousekeeping(Error{ErrorCode::Invalid, "which runs may go was not said", {}, "Give --older-than 30d, or --keep 20, or both."}, err);
    std::optional<Milliseconds> olderThan;
    if (!options.olderThan.empty()) {
        const auto span = parseSpan(options.olderThan);
        if (!span)
            return refusedHousekeeping(span.error(), err);
        olderThan = *span;
    }
    const auto runs = journal.runs();
    if (!runs)
        return refusedHousekeeping(runs.error(), err);
    const auto goners = gonersOf(*runs, olderThan, std::size_t(std::max(0, options.keep)), at);
    if (!options.dryRun)
        if (const auto removed = removeGoners(goners, journalFile); !removed)
            return refusedHousekeeping(removed.error(), err);
    if (options.json)
        out << gonersJson(goners, options.dryRun).dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    else
        tellGoners(goners, options.dryRun, out);
    return 0;
}

int backupCommand(const Options& options, const fs::path& journalFile, std::ostream& out, std::ostream& err)
{
    const auto target = fs::absolute(options.target).lexically_normal();
    if (const auto written = backUpJournal(journalFile, target); !written)
        return refusedHousekeeping(written.error(), err);
    std::error_code ignored;
    const auto bytes = fs::file_size(target, ignored);
    if (options.json)
        out << Json{{"backup", target.string()}, {"bytes", bytes}}.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    else
        out << fmt::format("The history of all runs is in {} ({}). Output folders are not.\n", printable(target.string()), sizeText(bytes));
    return 0;
}

int restoreBackupCommand(const Options& options, const fs::path& journalFile, std::ostream& out, std::ostream& err)
{
    if (const auto ours = openSqliteJournal(journalFile))
        if (const auto runs = (*ours)->runs(); runs && std::ranges::any_of(*runs, &RunSummary::isRunning))
            return refusedHousekeeping(Error{ErrorCode::Invalid, "a run is going on", {}, "Wait until it ends, or stop it first."}, err);
    const auto count = restoreJournal(journalFile, fs::absolute(options.target));
    if (!count)
        return refusedHousekeeping(count.error(), err);
    if (options.json)
        out << Json{{"runs", *count}}.dump() << '\n';
    else
        out << fmt::format("The history is that of the backup: {} run(s).\n", *count);
    return 0;
}

int exportConfigCommand(const Options& options, const AppConfig& config, std::ostream& out, std::ostream& err)
{
    const auto text = exportedSettings(config);
    if (options.target == "-") {
        out << text;
        return 0;
    }
    std::error_code ignored;
    if (!options.force && fs::symlink_status(options.target, ignored).type() != fs::file_type::not_found)
        return refusedHousekeeping(Error{ErrorCode::Invalid, options.target + " exists already", {}, "Name another file, or replace this one with --force."}, err);
    if (const auto written = writeFileAtomically(options.target, text); !written)
        return refusedHousekeeping(written.error(), err);
    out << fmt::format("Wrote what is set, without secrets, to {}.\n", printable(options.target));
    return 0;
}

int importConfigCommand(const Options& options, const fs::path& configFolder, std::ostream& out, std::ostream& err)
{
    const auto text = readFile(options.target, 1U << 20U);
    if (!text)
        return refusedHousekeeping(text.error(), err);
    const auto document = JsonDocument::parse(*text, fs::path(options.target).filename().string());
    if (!document)
        return refusedHousekeeping(document.error(), err);
    if (const auto secret = document->root.is_object() ? secretIn(document->root) : std::nullopt)
        return refusedHousekeeping(Error{ErrorCode::Invalid, "the file holds a secret: " + *secret, {}, "Take it out; the keychain or the environment is its place."}, err);
    const auto config = loadConfig({.file = fs::absolute(options.target), .workingFolder = configFolder, .configFolder = configFolder});
    if (!config)
        return refusedHousekeeping(config.error(), err);
    const auto target = configFolder / "config.json";
    std::error_code ignored;
    if (!options.force && fs::exists(target, ignored))
        return refusedHousekeeping(Error{ErrorCode::Invalid, target.string() + " exists already", {}, "Keep a copy of it and replace it with --force."}, err);
    if (const auto written = writeFileAtomically(target, exportedSettings(*config), FileMode::Private); !written)
        return refusedHousekeeping(written.error(), err);
    out << fmt::format("These are your settings now: {}\n", printable(target.string()));
    return 0;
}

} // namespace aap
