#pragma once

#include <memory>
#include <optional>

#include <QObject>

#include "ui/desktop/bus_line.h"
#include "ui/desktop/desktop_notices.h"
#include "ui/desktop/desktop_wishes.h"
#include "ui/desktop/keep_awake.h"
#include "ui/desktop/quit_signals.h"
#include "ui/desktop/run_watch.h"
#include "ui/desktop/system_colours.h"
#include "ui/desktop/tray_icon.h"

class QWidget;

namespace aap {

/// The window as a citizen of its desktop: follows its colours, tells what happens while it is not in front, keeps the computer
/// awake for runs, ends in order when the session does. Works, with less, without any bus. Lives on the GUI thread.
class DesktopIntegration : public QObject {
    Q_OBJECT

public:
    explicit DesktopIntegration(QWidget& window, QObject* parent = nullptr);

    /// Any thread; see RunWatch. To be asked for each run that starts.
    std::shared_ptr<RunObserver> watched(std::shared_ptr<RunObserver> inner) { return m_watch.watched(std::move(inner)); }
    void setWishes(const DesktopWishes& wishes);
    /// Brings the window to the front.
    void raise();

signals:
    /// The desktop wants dark or light windows; empty: it has no wish any more.
    void coloursChanged(std::optional<bool> wantsDark);
    /// The window is in front; this run is what the user wants to see.
    void runAsked(const QString& run);
    /// The session ends, or somebody ends the program: save, and stop all runs. When no run is left the program leaves its event
    /// loop with exit code 0; ten seconds later it is ended.
    void stopAsked();

private:
    void takeNews(const RunNews& news);
    bool isWished(RunNews::Moment moment) const;
    void tell(const RunNews& news);
    void refreshWork();
    void end();

    QWidget& m_window;
    DesktopWishes m_wishes;
    RunWatch m_watch;
    BusLine m_session;
    BusLine m_system;
    SystemColours m_colours;
    DesktopNotices m_notices;
    KeepAwake m_awake;
    TrayIcon m_tray;
    QuitSignals m_quit;
    bool m_ending = false;
};

} // namespace aap
