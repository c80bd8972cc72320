// What a command in the sandbox costs: as an exec of the engine, beside the bare calls for the same exec; through the porter, beside
// a shell that is kept open; four sandboxes at once; and our own processor time for it.
#include <thread>

#include <sys/resource.h>

#include "tests/bench/bench_room.h"

namespace {

using namespace aap;

const Command kCommand{.argv = {"/bin/true"}, .workdir = "/"};

void runOne(BenchRoom& room)
{
    const auto result = worked(room.sandbox->run(kCommand, {}, {}), "run a command");
    if (!result->succeeded())
        std::exit(1);
}

/// Milliseconds of the processor in this process, user and system.
double processorTime()
{
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return double(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 + double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

void asExec()
{
    constexpr int kRounds = 20;
    BenchRoom room(false);
    std::vector<double> ours;
    std::vector<double> bare;
    for (int round = 0; round < kRounds; ++round) { // in turns, so that whatever else the machine does hits both
        ours.push_back(milliseconds([&] { runOne(room); }));
        bare.push_back(milliseconds([&] { room.bareExec(); }));
    }
    std::printf("a command as an exec %.1f ms, the same exec by bare calls %.1f ms, ratio %.2f (target: at most 1.3)\n", median(ours), median(bare),
                median(ours) / median(bare));
}

void throughPorter()
{
    constexpr int kRounds = 200;
    BenchRoom room;
    auto shell = room.openShell();
    const auto first = milliseconds([&] { runOne(room); });
    shell.run("/bin/true");
    std::vector<double> ours;
    std::vector<double> bare;
    double used = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto before = processorTime();
        ours.push_back(milliseconds([&] { runOne(room); }));
        used += processorTime() - before;
        bare.push_back(milliseconds([&] { shell.run("/bin/true"); }));
    }
    std::printf("a command through the porter %.2f ms, in an open shell %.2f ms, ratio %.2f (target: at most 2); our processor time %.2f ms (target: at most 2); "
                "the first command %.0f ms\n",
                median(ours), median(bare), median(ours) / median(bare), used / kRounds, first);
}

/// Commands a second of four threads together.
double together(const std::function<void(int which)>& run)
{
    constexpr int kEach = 100;
    const auto ms = milliseconds([&] {
        std::vector<std::jthread> threads;
        for (int which = 0; which < 4; ++which)
            threads.emplace_back([&run, which] {
                for (int i = 0; i < kEach; ++i)
                    run(which);
            });
    });
    return 4.0 * kEach / ms * 1000;
}

void fourAtOnce()
{
    std::vector<std::unique_ptr<BenchRoom>> rooms;
    std::vector<std::unique_ptr<OpenShell>> shells;
    for (int which = 0; which < 4; ++which) {
        rooms.push_back(std::make_unique<BenchRoom>());
        shells.push_back(std::make_unique<OpenShell>(rooms.back()->openShell()));
        runOne(*rooms.back());
    }
    const auto bare = together([&](int which) { shells[std::size_t(which)]->run("/bin/true"); });
    const auto ours = together([&](int which) { runOne(*rooms[std::size_t(which)]); });
    std::printf("four sandboxes together %.0f commands/s, four open shells %.0f, ratio %.2f (target: at least 0.6)\n", ours, bare, ours / bare);
}

/// From the wish for a room to the end of its first command: made on the spot, and made while the last stage worked.
void aRoomOfItsOwn()
{
    constexpr int kRooms = 7;
    for (const bool ahead : {false, true}) {
        BenchRoom bench(true, ahead);
        std::vector<double> times;
        for (int i = 0; i < kRooms; ++i) {
            std::this_thread::sleep_for(std::chrono::seconds(2)); // a model takes longer for its answer
            times.push_back(milliseconds([&] {
                bench.sandbox = bench.anotherRoom();
                runOne(bench);
            }));
        }
        std::printf("a room and its first command, %s: %.0f ms (target: below 100, ahead)\n", ahead ? "made ahead" : "made on the spot", median(times));
    }
}

} // namespace

int main()
{
    aRoomOfItsOwn();
    asExec();
    throughPorter();
    fourAtOnce();
    return 0;
}
