#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include <QApplication>
#include <QListWidget>
#include <QMainWindow>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QProcess>
#include <QStatusBar>
#include <QTemporaryDir>

#include "tests/bench/measuring.h"
#include "tests/bench/painting.h"
#include "tests/ui/scripted_workbench.h"
#include "ui/run/run_page.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr int kStarts = 15;
constexpr int kEvents = 5'000;

double sinceBoot()
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Of all threads of this program so far; others that load the machine do not count.
double cpuMs()
{
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

double residentMb()
{
    long pages = 0;
    long resident = 0;
    std::ifstream("/proc/self/statm") >> pages >> resident;
    return double(resident) * double(::sysconf(_SC_PAGESIZE)) / (1 << 20);
}

/// A window that does nothing, of the same parts.
std::unique_ptr<QMainWindow> bareWindow()
{
    auto window = std::make_unique<QMainWindow>();
    window->menuBar()->addMenu(QStringLiteral("&File"));
    window->statusBar()->showMessage(QStringLiteral("Ready"));
    window->setCentralWidget(new QPlainTextEdit(window.get()));
    return window;
}

/// Shows a window and says how long that took since `begunAt`, and how much memory it has when it rests.
int child(QApplication& program, const QString& kind, double begunAt)
{
    applyScheme(Scheme::Light);
    const QTemporaryDir folder;
    const bool isBare = kind == QStringLiteral("bare");
    std::unique_ptr<ScriptedWorkbench> bench = isBare ? nullptr : std::make_unique<ScriptedWorkbench>();
    const std::unique_ptr<QMainWindow> window = isBare ? bareWindow() : std::make_unique<MainWindow>(*bench, WindowFiles{.draft = folder.filePath(QStringLiteral("draft.agentpipeline")), .memory = {}});
    window->resize(1280, 800);
    PaintOf painted(*window);
    window->show();
    while (!painted)
        program.processEvents(QEventLoop::WaitForMoreEvents);
    const auto took = sinceBoot() - begunAt;
    const auto cpu = cpuMs();
    for (int i = 0; i < 20; ++i)
        program.processEvents(QEventLoop::AllEvents, 10);
    std::printf("%f %f %f\n", took, cpu, residentMb());
    return 0;
}

struct Start {
    double ms = 0;
    double cpuMs = 0;
    double mb = 0;
};

Start medianStart(const QString& kind)
{
    std::vector<double> times;
    std::vector<double> used;
    std::vector<double> sizes;
    for (int i = 0; i < kStarts; ++i) {
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {kind, QString::number(sinceBoot(), 'f', 3)});
        double ms = 0;
        double cpu = 0;
        double mb = 0;
        if (!process.waitForFinished() || process.exitCode() != 0 || std::sscanf(process.readAllStandardOutput().constData(), "%lf %lf %lf", &ms, &cpu, &mb) != 3) {
            std::printf("the window %s does not show itself\n", qPrintable(kind));
            std::exit(1);
        }
        times.push_back(ms);
        used.push_back(cpu);
        sizes.push_back(mb);
    }
    return {median(times), median(used), median(sizes)};
}

RunBatch finishedRun()
{
    RunBatch past;
    past.state.id = "20261124-120000-abcdef";
    const auto happen = [&past](std::optional<StageId> stage, Payload payload) {
        past.events.push_back({.seq = past.state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)});
        apply(past.state, past.events.back());
    };
    happen({}, RunStarted{.mode = RunMode::Full, .title = "A long run", .pipeline = toJson(PipelineSpec::standard(RunMode::Full))});
    happen(StageId::Coding, StageStarted{});
    for (int turn = 1; int(past.events.size()) < kEvents - 4; ++turn) {
        TurnFinished said;
        said.turn = turn;
        said.content = Json::array({{{"type", "text"}, {"text", "The next test fails because a **date** is missing; I add it."}}});
        happen(StageId::Coding, said);
        const auto call = std::to_string(turn);
        happen(StageId::Coding, ToolStarted{.callId = call, .tool = "run_command", .input = {}, .summary = "ctest"});
        ToolFinished done;
        done.callId = call;
        done.tool = "run_command";
        done.result = "12 of 12 tests passed\n";
        happen(StageId::Coding, done);
    }
    happen({}, RunFinished{.ending = RunEnding::Completed});
    return past;
}

void measureOpening()
{
    RunPage page;
    page.resize(1100, 700);
    page.show();
    QApplication::processEvents();
    const auto past = finishedRun();
    std::printf("%-52s %10.1f ms   (bar: 150)\n", "a finished run of 5 000 events opened", milliseconds([&] {
        page.showPast(past);
        QApplication::processEvents();
        page.repaint();
    }));
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication program(argc, argv);
    if (argc == 3)
        return child(program, QString::fromLocal8Bit(argv[1]), QByteArray(argv[2]).toDouble());
    const auto bare = medianStart(QStringLiteral("bare"));
    const auto ours = medianStart(QStringLiteral("window"));
    std::printf("%-52s %10.2f ×    (%.0f ms to %.0f ms; bar: 1.3)\n", "time to a shown window, to a bare one's", ours.ms / bare.ms, ours.ms, bare.ms);
    std::printf("%-52s %10.2f ×    (%.0f ms to %.0f ms)\n", "  processor's time of it", ours.cpuMs / bare.cpuMs, ours.cpuMs, bare.cpuMs);
    std::printf("%-52s %10.2f ×    (%.0f MB to %.0f MB; bar: 1.5)\n", "memory at rest, to a bare one's", ours.mb / bare.mb, ours.mb, bare.mb);
    measureOpening();
    return 0;
}
