#include <atomic>
#include <cstdio>
#include <ctime>
#include <thread>
#include <tuple>
#include <vector>

#include <QApplication>
#include <QEventLoop>
#include <QKeyEvent>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

#include "tests/bench/measuring.h"
#include "tests/ui/scripted_workbench.h"
#include "ui/history/history_page.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/look.h"

using namespace aap;

namespace {

constexpr int kRuns = 8;
constexpr int kPastRuns = 10'000;
constexpr auto kPiece = std::chrono::milliseconds(10); // as the demo says its pieces
constexpr auto kMeasured = std::chrono::seconds(4);

/// Runs that speak as fast as the demo does, tool calls and all, until they are told to stop.
class TalkingWorkbench final : public ScriptedWorkbench {
public:
    ~TalkingWorkbench() override = default;
    std::string startDemo(Seat seat) override
    {
        const auto id = runId(int(m_talkers.size()));
        m_talkers.emplace_back([seat = std::move(seat), id](const std::stop_token& stop) { talk(seat, id, stop); });
        return id;
    }
    void hush() { m_talkers.clear(); }

private:
    static void talk(const Seat& seat, const std::string& id, const std::stop_token& stop)
    {
        RunState state;
        state.id = id;
        const auto happen = [&](std::optional<StageId> stage, Payload payload) {
            const RunEvent event{.seq = state.lastSeq + 1, .at = now(), .stage = stage, .payload = std::move(payload)};
            apply(state, event);
            seat.observer->happened(event, state);
        };
        happen({}, RunStarted{.mode = RunMode::Full, .title = "A run that talks", .pipeline = toJson(PipelineSpec::standard(RunMode::Full))});
        happen(StageId::Coding, StageStarted{});
        for (int turn = 1; !stop.stop_requested(); ++turn) {
            std::string said;
            for (int piece = 0; piece < 40 && !stop.stop_requested(); ++piece) {
                said += piece % 13 == 12 ? "word.\n\n" : "a **word** or `two` ";
                seat.observer->live({.kind = LiveEvent::Kind::Text, .stage = StageId::Coding, .callId = {}, .text = "a **word** or `two` "});
                std::this_thread::sleep_for(kPiece);
            }
            TurnFinished finished;
            finished.turn = turn;
            finished.content = Json::array({{{"type", "text"}, {"text", said}}});
            happen(StageId::Coding, finished);
            const auto call = std::to_string(turn);
            happen(StageId::Coding, ToolStarted{.callId = call, .tool = "run_command", .input = {}, .summary = "ctest"});
            for (int line = 0; line < 20; ++line)
                seat.observer->live({.kind = LiveEvent::Kind::ToolOutput, .stage = StageId::Coding, .callId = call, .text = "12 of 12 tests passed\n"});
            ToolFinished done;
            done.callId = call;
            done.tool = "run_command";
            done.result = "12 of 12 tests passed\n";
            happen(StageId::Coding, done);
        }
        happen({}, RunFinished{.ending = RunEnding::Stopped});
        seat.ended(state);
    }

    std::vector<std::jthread> m_talkers;
};

double threadCpu()
{
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return double(used.tv_sec) * 1e3 + double(used.tv_nsec) / 1e6;
}

void said(const char* what, double value, const char* unit, const char* bar)
{
    std::printf("%-52s %10.1f %-4s (bar: %s)\n", what, value, unit, bar);
}

void waitFor(std::chrono::milliseconds time)
{
    QEventLoop loop;
    QTimer::singleShot(time, &loop, &QEventLoop::quit);
    loop.exec();
}

/// How long a key waits from the moment it was pressed until its letter is on the screen.
void measureTyping(QPlainTextEdit& editor)
{
    std::vector<double> waits;
    editor.setFocus();
    std::jthread typist([&](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(37));
            QMetaObject::invokeMethod(&editor, [&editor, &waits, pressed = std::chrono::steady_clock::now()] {
                QKeyEvent key(QEvent::KeyPress, Qt::Key_X, Qt::NoModifier, QStringLiteral("x"));
                QCoreApplication::sendEvent(&editor, &key);
                editor.viewport()->repaint();
                waits.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - pressed).count());
            }, Qt::QueuedConnection);
        }
    });
    const auto cpu = threadCpu();
    waitFor(kMeasured);
    said("typing while eight runs are live: GUI thread", 100 * (threadCpu() - cpu) / std::chrono::duration<double, std::milli>(kMeasured).count(), "%", "");
    typist = {};
    QCoreApplication::processEvents();
    std::ranges::sort(waits);
    said("  a key's way to the screen, median", median(waits), "ms", "");
    said("  p99", waits[waits.size() * 99 / 100], "ms", "16 on an idle machine");
}

/// Frames of the whole window, painted one after the other while the runs talk.
void measureFrames(MainWindow& window)
{
    int frames = 0;
    QTimer next;
    QObject::connect(&next, &QTimer::timeout, [&] {
        window.repaint();
        ++frames;
    });
    const auto cpu = threadCpu();
    next.start(0);
    waitFor(kMeasured);
    said("whole frames while eight runs are live", frames / std::chrono::duration<double>(kMeasured).count(), "/s", "30");
    said("  of the GUI thread's time alone", frames / (threadCpu() - cpu) * 1e3, "/s", "30");
}

void measureLiveRuns()
{
    const QTemporaryDir folder;
    TalkingWorkbench workbench;
    MainWindow window(workbench, {.draft = folder.filePath(QStringLiteral("draft.agentpipeline")), .memory = {}});
    window.resize(1280, 800);
    window.show();
    for (int run = 0; run < kRuns; ++run)
        window.startDemo();
    waitFor(std::chrono::seconds(1));
    measureFrames(window);
    window.showPage(PageId::Project);
    measureTyping(*window.findChild<QPlainTextEdit*>(QStringLiteral("requirementsEditor")));
    workbench.hush();
    waitFor(std::chrono::milliseconds(200));
}

void measureHistory()
{
    ScriptedWorkbench workbench;
    {
        const auto journal = *worked(workbench.openJournal(), "opening the journal");
        for (int run = 0; run < kPastRuns; ++run)
            std::ignore = worked(journal->append("20261126-120000-" + std::to_string(100'000 + run), {.seq = 1, .at = now(), .stage = {}, .payload = RunStarted{.mode = RunMode::Full, .title = "Run " + std::to_string(run), .pipeline = toJson(PipelineSpec::standard(RunMode::Full))}}), "writing a run");
    }
    const QTemporaryDir folder;
    QSettings memory(folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat);
    HistoryPage page(workbench, memory);
    page.resize(1100, 700);
    const auto* table = page.findChild<QTableView*>(QStringLiteral("historyTable"));
    const auto cpu = threadCpu();
    said("history of 10 000 runs, until it is painted", milliseconds([&] {
        page.show();
        while (table->model()->rowCount() < kPastRuns)
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        QApplication::processEvents();
        page.repaint();
    }), "ms", "300");
    said("  GUI thread", threadCpu() - cpu, "ms", "");
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication program(argc, argv);
    applyScheme(Scheme::Light);
    measureLiveRuns();
    measureHistory();
    return 0;
}
