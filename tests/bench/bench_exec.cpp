// What a command in the sandbox costs, as a multiple of the bare calls of the engine for the same exec.
#include "tests/bench/bench_room.h"

int main()
{
    constexpr int kRounds = 40;
    aap::BenchRoom room;
    const aap::Command command{.argv = {"true"}, .workdir = "/"};
    std::vector<double> ours;
    std::vector<double> bare;
    for (int round = 0; round < kRounds; ++round) { // in turns, so that whatever else the machine does hits both
        ours.push_back(aap::milliseconds([&] { (void)aap::worked(room.sandbox->run(command, {}, {}), "run a command"); }));
        bare.push_back(aap::milliseconds([&] { room.bareExec(); }));
    }
    std::printf("a command in the sandbox %.1f ms, the same exec by bare calls %.1f ms, ratio %.2f (target: at most 1.3)\n", aap::median(ours),
                aap::median(bare), aap::median(ours) / aap::median(bare));
    return 0;
}
