// What a snapshot costs after one of 10 000 files has changed, as a multiple of merely looking at each of them (stat).
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <QTemporaryDir>

#include "core/store/snapshots.h"

namespace {

constexpr int kFolders = 100;
constexpr int kFilesEach = 100;
constexpr int kRounds = 9;
constexpr double kMostTimesAWalk = 4;

double milliseconds(const auto& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

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
    double walk = 1e9;
    double take = 1e9;
    for (int round = 0; round < kRounds; ++round) {
        walk = std::min(walk, milliseconds([&] { lookAtEach(root / "ws/repo"); }));
        write(root / "ws/repo/folder50/file50", "changed " + std::to_string(round));
        bool isTaken = false;
        take = std::min(take, milliseconds([&] { isTaken = bool((*snapshots)->take("changed")); }));
        if (!isTaken)
            return 1;
    }
    std::printf("stat walk of 10 000 files %.1f ms, snapshot after one change %.1f ms, ratio %.2f (target: at most %.0f)\n", walk, take, take / walk, kMostTimesAWalk);
    return 0;
}
