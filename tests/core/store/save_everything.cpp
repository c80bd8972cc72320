// Saves one of everything below a folder, a second time over what is there; the first thing that fails is told, and ends it with 3.
#include <cstdio>
#include <filesystem>

#include <QCoreApplication>

#include "core/base/beneath.h"
#include "core/base/files.h"
#include "core/store/bundle.h"
#include "core/store/import_bundle.h"
#include "core/store/journal.h"
#include "core/store/output_folder.h"
#include "core/store/snapshots.h"

namespace {

using namespace aap;
namespace fs = std::filesystem;

constexpr auto kSavedRun = "20261126-120000-abcdef";

template <typename Outcome>
Outcome saved(const char* what, Outcome outcome)
{
    if (outcome)
        return outcome;
    std::printf("%s: %s\n%s\n", what, outcome.error().text().c_str(), outcome.error().remedy.c_str());
    std::fflush(stdout);
    std::_Exit(3);
}

/// The events of a run that has ended; another one each time.
std::vector<RunEvent> appendNext(const fs::path& file)
{
    auto journal = *saved("open the journal", openSqliteJournal(file));
    auto events = *saved("read the journal", journal->events(kSavedRun));
    const auto append = [&](Payload payload) {
        events.push_back({.seq = std::int64_t(events.size()) + 1, .at = TimePoint(Milliseconds(1)), .stage = std::nullopt, .payload = std::move(payload)});
        (void)saved("write the journal", journal->append(kSavedRun, events.back()));
    };
    if (events.empty())
        append(RunStarted{.title = "Saved"});
    append(Warned{"once more"});
    append(RunFinished{.ending = RunEnding::Completed});
    return events;
}

void saveEverything(const fs::path& folder)
{
    (void)saved("write a file", writeFileAtomically(folder / "file.json", std::string(5000, 'n')));
    const auto events = appendNext(folder / "data/journal.sqlite");
    fs::create_directories(folder / "ws/repo");
    const auto workspace = saved("open the workspace", Folder::open(folder / "ws"));
    (void)saved("write into the workspace", workspace->write("repo/a/b.txt", std::to_string(events.size())));
    const auto snapshots = saved("open the snapshots", Snapshots::open(folder / "out" / kSavedRun / "snapshots.git", *workspace));
    (void)saved("take a snapshot", (*snapshots)->take("once more"));
    auto output = saved("open the output folder", OutputFolder::create(folder / "out", kSavedRun));
    RunState state;
    for (const auto& event : events)
        apply(state, event);
    state.id = kSavedRun;
    (void)saved("write the results", output->finish({.state = state, .events = events, .requirements = Json(), .workspace = *workspace}));
    const auto key = saved("make a key", SigningKey::open(folder / "data/signing.key"));
    std::error_code ignored;
    fs::remove(folder / "run.zip", ignored);
    (void)saved("bundle", writeBundle({.output = folder / "out" / kSavedRun, .runId = kSavedRun, .title = "Saved", .target = folder / "run.zip"}, *key));
    const auto other = saved("open the other journal", openSqliteJournal(folder / "other/journal.sqlite"));
    if (saved("read the other journal", (*other)->events(kSavedRun))->empty())
        (void)saved("import", importBundle({.bundle = folder / "run.zip", .into = folder / "other/imported"}, **other, {}));
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    saveEverything(argv[1]);
    return 0;
}
