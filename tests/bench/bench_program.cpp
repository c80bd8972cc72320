// How long the program takes to start, beside a process that does nothing, and what a whole run of the demo takes. Figures of one run
// are to be compared with each other, never with those of another machine.
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <QFile>
#include <QTemporaryDir>

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/bench/measuring.h"

namespace {

using namespace aap;

constexpr int kStarts = 41;

struct Ended {
    double ms = 0;
    double mib = 0; ///< most memory that was resident
    int status = -1;
};

/// In a folder and with a home of its own, so that nothing of the user's has a say.
class Programs {
public:
    Ended run(std::vector<std::string> words, const std::string& output = "/dev/null")
    {
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        posix_spawn_file_actions_addchdir_np(&actions, path("").c_str());
        auto argv = pointers(words);
        auto variables = pointers(m_environment);
        Ended ended;
        ended.ms = milliseconds([&] {
            pid_t pid = 0;
            rusage usage{};
            if (::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), variables.data()) != 0 || ::wait4(pid, &ended.status, 0, &usage) != pid)
                return;
            ended.mib = double(usage.ru_maxrss) / 1024;
        });
        posix_spawn_file_actions_destroy(&actions);
        return ended;
    }

    std::string path(const char* name) const { return m_folder.filePath(QLatin1String(name)).toStdString(); }

private:
    static std::vector<char*> pointers(std::vector<std::string>& texts)
    {
        std::vector<char*> all;
        for (auto& text : texts)
            all.push_back(text.data());
        all.push_back(nullptr);
        return all;
    }

    QTemporaryDir m_folder{};
    std::vector<std::string> m_environment{"HOME=" + path(""), "WORKSPACE_PATH=" + path("workspaces"), "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"};
};

/// Median of milliseconds; nothing when a start failed.
std::optional<double> medianStart(Programs& programs, const std::vector<std::string>& words)
{
    std::vector<double> times;
    for (int i = 0; i < kStarts; ++i) {
        const auto ended = programs.run(words);
        if (ended.status != 0)
            return std::nullopt;
        times.push_back(ended.ms);
    }
    return median(times);
}

/// The words after the last "--run ", to the quote: how the program says which run's deployment stays up.
std::string deployedRun(const std::string& output)
{
    QFile file(QString::fromStdString(output));
    const auto text = file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    const auto at = text.rfind("--run ");
    return at == std::string::npos ? std::string() : text.substr(at + 6, text.find('\'', at) - at - 6);
}

} // namespace

int main()
{
    const std::string program = AAP_BINARY_DIR "/bin/agent-pipeline";
    Programs programs;
    const auto nothing = medianStart(programs, {"/bin/true"});
    const auto start = medianStart(programs, {program, "--version"});
    if (!nothing || !start)
        return 1;
    std::printf("start: agent-pipeline --version %.1f ms, /bin/true %.1f ms, ratio %.1f (target: below 30 ms)\n", *start, *nothing, *start / *nothing);
    const auto output = programs.path("output.txt");
    const auto demo = programs.run({program, "demo", "--yes"}, output);
    std::printf("demo: a whole run %.1f s, at most %.1f MiB resident (target: below 60 s and 60 MiB)\n", demo.ms / 1000, demo.mib);
    const auto run = deployedRun(output);
    const auto pruned = run.empty() ? Ended{} : programs.run({program, "sandbox", "prune", "--run", run});
    return demo.status == 0 && pruned.status == 0 ? 0 : 1;
}
