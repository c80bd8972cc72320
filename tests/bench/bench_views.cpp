#include <algorithm>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string_view>
#include <thread>

#include <unistd.h>

#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTimer>

#include "tests/bench/measuring.h"
#include "tests/bench/painting.h"
#include "ui/log/log_find.h"
#include "ui/log/log_panel.h"
#include "ui/run/transcript_model.h"
#include "ui/run/transcript_view.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr int kLines = 1'000'000;
constexpr int kRows = 20'000;

double threadCpuMs()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

double residentMb()
{
    long pages = 0;
    long resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return double(resident) * double(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::string lineOf(int number)
{
    return "[12:03:10.123] \x1b[32mINFO\x1b[0m  worker " + std::to_string(number) + " compiled src/pipeline/stage_visit.cpp in 1.234 s without a warning at all " + std::string(10, 'x') + "\n";
}

/// Asks again every few milliseconds and sleeps in between: with a time limit processEvents() would spin.
void until(const auto& true_)
{
    QTimer beat;
    beat.start(5);
    while (!true_())
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

void finished(const char* what, double value, const char* unit, const char* bar)
{
    std::printf("%-52s %10.1f %-4s (bar: %s)\n", what, value, unit, bar);
}

void measureLog(const QString& folder)
{
    std::ofstream file((folder + QStringLiteral("/big.log")).toStdString());
    std::string all;
    for (int i = 0; i < kLines; ++i)
        all += lineOf(i);
    file << all << std::flush;
    const auto bare = milliseconds([&] { std::printf("%s", std::count(all.begin(), all.end(), '\n') == kLines ? "" : "?"); });
    std::string().swap(all);

    LogPanel panel(QStringLiteral("log"));
    panel.resize(1000, 600);
    panel.show();
    QApplication::processEvents();
    const auto before = residentMb();
    const auto shown = milliseconds([&] {
        panel.open(folder, QStringLiteral("big.log"), true);
        until([&] { return panel.view().lineCount() == kLines && panel.view().visibleText().contains(QStringLiteral("worker 999999")); });
    });
    finished("1 000 000 lines, 110 MB shown", shown, "ms", "1500");
    finished("  the same, to counting the lines in memory", shown / bare, "x", "");
    finished("  memory", residentMb() - before, "MB", "20");
    auto& view = panel.view();
    view.verticalScrollBar()->setValue(0);
    QApplication::processEvents();
    finished("jump to the end", milliseconds([&] {
        view.followEnd();
        view.viewport()->repaint();
    }), "ms", "10");
    LogFind find;
    QElapsedTimer watch;
    watch.start();
    find.start(view.source().opened(), {.words = QStringLiteral("worker 999999 ")});
    until([&] { return !find.isRunning(); });
    finished("find in 110 MB", double(watch.elapsed()), "ms", "500");
    if (find.lines() != std::vector<std::uint64_t>{kLines - 1})
        std::exit(1);
}

void measureLive(const QString& folder)
{
    LogPanel panel(QStringLiteral("log"));
    panel.resize(1000, 600);
    panel.show();
    panel.open(folder, QStringLiteral("live.log"), true);
    constexpr int perStep = 1000;
    constexpr int steps = 100; // 20 ms each: 50 000 lines a second for two seconds
    std::jthread writer([&folder] {
        std::ofstream file((folder + QStringLiteral("/live.log")).toStdString());
        auto next = std::chrono::steady_clock::now();
        for (int step = 0; step < steps; ++step) {
            for (int i = 0; i < perStep; ++i)
                file << lineOf(step * perStep + i);
            file.flush();
            std::this_thread::sleep_until(next += std::chrono::milliseconds(20));
        }
    });
    std::vector<double> stalls;
    QTimer tick;
    QElapsedTimer since;
    since.start();
    QObject::connect(&tick, &QTimer::timeout, [&] {
        stalls.push_back(std::max(0.0, double(since.nsecsElapsed()) / 1e6 - 5));
        since.restart();
    });
    tick.setTimerType(Qt::PreciseTimer);
    tick.start(5);
    const auto cpu = threadCpuMs();
    const auto wall = milliseconds([&] { until([&] { return panel.view().lineCount() == perStep * steps; }); });
    finished("50 000 lines a second: GUI thread", 100 * (threadCpuMs() - cpu) / wall, "%", "20");
    std::ranges::sort(stalls);
    finished("  p99 stall", stalls[stalls.size() * 99 / 100], "ms", "16");
    finished("  longest stall", stalls.back(), "ms", "50 on an idle machine");
}

RunBatch manyRows()
{
    RunBatch batch;
    for (int i = 0; i < kRows / 2; ++i) {
        TurnFinished turn;
        turn.content = Json::array({{{"type", "text"}, {"text", "The build passes. Next the **failing** test number " + std::to_string(i) + ", which needs a look at `parser.cpp`."}}});
        batch.events.push_back({.seq = i, .at = {}, .stage = StageId::Coding, .payload = turn});
        const auto id = std::to_string(i);
        batch.events.push_back({.seq = i, .at = {}, .stage = StageId::Coding, .payload = ToolStarted{.callId = id, .tool = "run_command", .summary = "make"}});
        batch.events.push_back({.seq = i, .at = {}, .stage = StageId::Coding, .payload = ToolFinished{.callId = id, .tool = "run_command", .result = "one\ntwo\nthree", .exitCode = 0}});
    }
    return batch;
}

void measureTranscript()
{
    TranscriptModel model;
    TranscriptView view(model);
    view.resize(900, 600);
    view.show();
    QApplication::processEvents();
    const auto rows = manyRows();
    finished("transcript of 20 000 rows opened", milliseconds([&] {
        model.append(rows);
        QApplication::processEvents();
        view.viewport()->repaint();
    }), "ms", "200");
    if (model.rowCount() != kRows)
        std::exit(1);
    RunBatch one;
    one.events.push_back(rows.events.front());
    std::vector<double> times;
    for (int i = 0; i < 50; ++i)
        times.push_back(milliseconds([&] {
            PaintOf painted(*view.viewport());
            model.append(one);
            while (!painted)
                QApplication::processEvents();
        }));
    finished("  one more row, until it is painted", median(times), "ms", "5");
    finished("  resized", milliseconds([&] {
        view.resize(700, 600);
        QApplication::processEvents();
        view.viewport()->repaint();
    }), "ms", "30");
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication program(argc, argv);
    applyScheme(Scheme::Light);
    const QTemporaryDir folder;
    const std::string_view only = argc > 1 ? argv[1] : "";
    if (only.empty() || only == "log")
        measureLog(folder.path());
    if (only.empty() || only == "live")
        measureLive(folder.path());
    if (only.empty() || only == "transcript")
        measureTranscript();
    return 0;
}
