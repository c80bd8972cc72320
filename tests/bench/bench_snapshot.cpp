// What a snapshot costs after one of 10 000 files has changed: it has to look at each of them, and to bring the change to disk. So it is
// measured as a multiple of merely looking (stat), and of a plain write that is brought to disk (fsync).
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>

#include "core/store/snapshots.h"
#include "tests/bench/measuring.h"

using namespace aap;

namespace {

constexpr int kFolders = 100;
constexpr int kFilesEach = 100;
constexpr int kRounds = 9;
constexpr double kMostTimesBoth = 4;

void write(const std::filesystem::path& path, const std::string& text)
{
    std::ofstream(path, std::ios::trunc) << text;
}

void fill(const std::filesystem::path& repo)
{
    for (int folder = 0; folder < kFolders; ++folder) {
        const auto path = repo / ("folder" + std::to_string(folder));
        std::filesystem::create_directories(path);
        for (int file = 0; file < kFilesEach; ++file)
            write(path / ("file" + std::to_string(file)), "content of " + std::to_string(folder * kFilesEach + file) + "\n");
    }
}

/// The file, its place and its name: what nobody can do for less.
void writeToDisk(const std::filesystem::path& folder, int round)
{
    const auto path = folder / ("plain" + std::to_string(round));
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const int place = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0 || place < 0 || ::write(file, "changed", 7) != 7 || ::fsync(file) != 0 || ::fsync(place) != 0)
        std::abort(); // nobody but us is here
    ::close(place);
    ::close(file);
}

void lookAtEach(const std::filesystem::path& repo)
{
    struct stat status {};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(repo))
        if (::lstat(entry.path().c_str(), &status) != 0)
            std::abort(); // nobody but us is here
}

} // namespace

int main()
{
    const QTemporaryDir folder;
    const std::filesystem::path root = folder.path().toStdString();
    fill(root / "ws/repo");
    const auto workspace = aap::Folder::open(root / "ws");
    const auto snapshots = aap::Snapshots::open(root / "snapshots.git", *workspace);
    if (!snapshots || !(*snapshots)->take("first"))
        return 1;
    std::vector<double> walks;
    std::vector<double> writes;
    std::vector<double> takes;
    for (int round = 0; round < kRounds; ++round) {
        walks.push_back(milliseconds([&] { lookAtEach(root / "ws/repo"); }));
        writes.push_back(milliseconds([&] { writeToDisk(root, round); }));
        write(root / "ws/repo/folder50/file50", "changed " + std::to_string(round));
        takes.push_back(milliseconds([&] { (void)worked((*snapshots)->take("changed"), "a snapshot"); }));
    }
    const auto least = median(walks) + median(writes);
    std::printf("stat walk of 10 000 files %.1f ms, plain write to disk %.1f ms, snapshot after one change %.1f ms (target: below 30 ms), ratio %.2f (target: at most %.0f)\n",
                median(walks), median(writes), median(takes), median(takes) / least, kMostTimesBoth);
    return 0;
}
