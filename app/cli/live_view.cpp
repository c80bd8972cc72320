#include <condition_variable>
#include <iostream>
#include <mutex>
#include <thread>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/cli/printable.h"
#include "app/cli/run_view.h"
#include "app/cli/wording.h"

namespace aap {
namespace {

std::size_t terminalColumns()
{
    winsize size{};
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

/// The agents' text scrolls above; below it stands one line per stage, drawn anew ten times a second at most.
class LiveView final : public RunView {
public:
    LiveView(std::ostream& out, ViewOptions options) : m_out(out), m_options(options)
    {
        m_ticking = std::jthread([this](const std::stop_token& stop) { tick(stop); });
    }

    ~LiveView() override
    {
        m_ticking.request_stop();
        m_ticking.join();
        const std::lock_guard lock(m_mutex);
        draw();
    }

    void happened(const RunEvent& event, const RunState& state) override
    {
        const std::lock_guard lock(m_mutex);
        m_state = state;
        m_changed = true;
        endPartialLine();
        const bool minor = std::holds_alternative<ToolFinished>(event.payload) || std::holds_alternative<RunFinished>(event.payload);
        if (const auto line = sentence(event); !line.empty() && !minor && !m_options.quiet)
            m_above += line + '\n';
    }

    void live(const LiveEvent& event) override
    {
        const bool wanted = event.kind == LiveEvent::Kind::Text || event.kind == LiveEvent::Kind::Retrying
            || event.kind == LiveEvent::Kind::Note || m_options.verbose;
        if (m_options.quiet || !wanted)
            return;
        const std::lock_guard lock(m_mutex);
        m_changed = true;
        m_partial += event.text;
        if (event.kind == LiveEvent::Kind::Retrying || event.kind == LiveEvent::Kind::Note)
            m_partial += '\n';
        if (const auto end = m_partial.rfind('\n'); end != std::string::npos) {
            m_above += printable(std::string_view(m_partial).substr(0, end + 1));
            m_partial.erase(0, end + 1);
        }
    }

    void suspend() override
    {
        const std::lock_guard lock(m_mutex);
        endPartialLine();
        draw();
        m_suspended = true;
        m_drawnLines = 0; // what stands there stays; the next drawing begins below the question
    }

    void resume() override
    {
        const std::lock_guard lock(m_mutex);
        m_suspended = false;
        m_changed = true;
    }

    void note(std::string_view sentence) override
    {
        const std::lock_guard lock(m_mutex);
        endPartialLine();
        m_above.append("· ").append(sentence).append("\n");
        m_changed = true;
    }

    std::optional<StageId> runningStage() const override
    {
        const std::lock_guard lock(m_mutex);
        return m_state.currentStage;
    }

private:
    void tick(const std::stop_token& stop)
    {
        std::unique_lock lock(m_mutex);
        for (int beat = 0; !stop.stop_requested(); ++beat) {
            m_wake.wait_for(lock, stop, std::chrono::milliseconds(100), [] { return false; });
            if (m_changed || beat % 10 == 0) // the clocks go on though nothing happens
                draw();
        }
    }

    void endPartialLine()
    {
        if (m_partial.empty())
            return;
        m_above += printable(m_partial) + '\n';
        m_partial.clear();
    }

    void draw()
    {
        if (m_suspended)
            return;
        const auto columns = terminalColumns();
        std::string frame;
        if (m_drawnLines > 0)
            frame += fmt::format("\x1b[{}A\r\x1b[J", m_drawnLines);
        frame += m_above;
        m_above.clear();
        m_drawnLines = 0;
        if (!m_partial.empty()) {
            frame += cutTo(printable(m_partial), columns - 1) + '\n';
            ++m_drawnLines;
        }
        for (const auto& stage : m_state.stages) {
            frame += stageLine(stage, columns) + '\n';
            ++m_drawnLines;
        }
        if (const auto footer = footerLine(); !footer.empty()) {
            frame += cutTo(footer, columns - 1) + '\n';
            ++m_drawnLines;
        }
        m_out << frame << std::flush;
        m_changed = false;
    }

    std::string footerLine() const
    {
        if (!m_options.takesKeys || m_state.stages.empty() || m_state.ending)
            return {};
        if (!m_state.pausedFor.empty())
            return "❚❚ Paused: " + printable(m_state.pausedFor) + " · p goes on";
        return "p pause · m message · b send back · s skip a stage · r raise a limit · Ctrl-C stop";
    }

    std::string stageLine(const StageState& stage, std::size_t columns) const
    {
        const auto until = stage.finishedAt.value_or(now());
        const auto elapsed = stage.startedAt ? durationText(until - *stage.startedAt) : std::string();
        const auto turn = stage.turn > 0 ? fmt::format("turn {}/{}", stage.turn, stage.maxTurns) : std::string();
        const auto tokens = stage.usage.totalTokens() > 0 ? countText(stage.usage.totalTokens()) + " tok" : std::string();
        const auto cost = stage.cost.microUsd > 0 ? stage.cost.text() : std::string();
        const auto doing = stage.currentTool.empty() ? std::string() : printable(stage.currentTool);
        const auto line = cutTo(fmt::format("{} {:<14} {:<12} {:>9} {:>10} {:>10} {:>8}  {}", symbol(stage.status), title(stage.id),
                                            title(stage.status), elapsed, turn, tokens, cost, doing),
                                columns - 1);
        return m_options.colour ? fmt::format("\x1b[{}m{}\x1b[0m", colourCode(stage.status), line) : line;
    }

    std::ostream& m_out;
    const ViewOptions m_options;
    mutable std::mutex m_mutex; // guards everything below
    std::condition_variable_any m_wake;
    RunState m_state;
    std::string m_above;   // whole lines that wait to scroll away
    std::string m_partial; // the line an agent is writing
    int m_drawnLines = 0;
    bool m_changed = false;
    bool m_suspended = false;
    std::jthread m_ticking; // last: it must end before what it draws goes
};

} // namespace

std::unique_ptr<RunView> makeLiveView(std::ostream& out, ViewOptions options)
{
    return std::make_unique<LiveView>(out, options);
}

} // namespace aap
