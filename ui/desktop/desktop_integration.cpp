#include "ui/desktop/desktop_integration.h"

#include <QApplication>
#include <QSessionManager>
#include <QWidget>

namespace aap {
namespace {

QString headline(RunNews::Moment moment)
{
    using Moment = RunNews::Moment;
    switch (moment) {
    case Moment::NeedsYou: return DesktopIntegration::tr("A run waits for you");
    case Moment::BudgetNear: return DesktopIntegration::tr("A run has used most of its budget");
    case Moment::BudgetSpent: return DesktopIntegration::tr("A run has reached its limit");
    case Moment::EngineLost: return DesktopIntegration::tr("A run has lost what it needs");
    case Moment::Finished: return DesktopIntegration::tr("A run has finished");
    case Moment::Failed: return DesktopIntegration::tr("A run has failed");
    case Moment::Began:
    case Moment::Paused:
    case Moment::GoesOn:
    case Moment::Stopped:
    case Moment::Gone: break;
    }
    return {};
}

} // namespace

DesktopIntegration::DesktopIntegration(QWidget& window, QObject* parent) :
    QObject(parent),
    m_window(window),
    m_session(BusLine::Bus::Session),
    m_system(BusLine::Bus::System),
    m_colours(m_session),
    m_notices(m_session),
    m_awake(m_system),
    m_tray(m_session)
{
    connect(&m_watch, &RunWatch::news, this, &DesktopIntegration::takeNews);
    connect(&m_colours, &SystemColours::changed, this, &DesktopIntegration::coloursChanged);
    connect(&m_notices, &DesktopNotices::notShown, this, [this] { QApplication::alert(&m_window); });
    connect(&m_notices, &DesktopNotices::openAsked, this, [this](const QString& run) {
        raise();
        emit runAsked(run);
    });
    connect(&m_tray, &TrayIcon::openAsked, this, &DesktopIntegration::raise);
    connect(&m_quit, &QuitSignals::asked, this, &DesktopIntegration::end);
    connect(qApp, &QGuiApplication::commitDataRequest, this, [this](QSessionManager& manager) {
        manager.setRestartHint(QSessionManager::RestartNever); // a run must not begin anew by itself
        m_quit.ask();
    });
}

void DesktopIntegration::setWishes(const DesktopWishes& wishes)
{
    m_wishes = wishes;
    refreshWork();
}

void DesktopIntegration::raise()
{
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.show();
    m_window.raise();
    m_window.activateWindow();
}

void DesktopIntegration::takeNews(const RunNews& news)
{
    if (isWished(news.moment) && !m_window.isActiveWindow() && !m_ending)
        tell(news);
    refreshWork();
    if (m_ending && m_watch.runs() == 0)
        QCoreApplication::exit(0);
}

bool DesktopIntegration::isWished(RunNews::Moment moment) const
{
    using Moment = RunNews::Moment;
    switch (moment) {
    case Moment::NeedsYou: return m_wishes.tellNeedsYou;
    case Moment::BudgetNear:
    case Moment::BudgetSpent: return m_wishes.tellBudget;
    case Moment::EngineLost: return m_wishes.tellEngine;
    case Moment::Finished: return m_wishes.tellFinished;
    case Moment::Failed: return m_wishes.tellFailed;
    case Moment::Began:
    case Moment::Paused:
    case Moment::GoesOn:
    case Moment::Stopped:
    case Moment::Gone: break;
    }
    return false;
}

void DesktopIntegration::tell(const RunNews& news)
{
    const auto body = news.name.isEmpty() || news.detail.isEmpty() ? news.name + news.detail : tr("%1\n%2").arg(news.name, news.detail);
    m_notices.show({.run = QString::fromStdString(news.run), .title = headline(news.moment), .body = body, .urgent = news.moment == RunNews::Moment::NeedsYou});
}

void DesktopIntegration::refreshWork()
{
    const auto working = m_watch.working();
    m_awake.setWorking(m_wishes.keepAwake && working > 0, tr("%n run(s) at work", nullptr, working));
    m_tray.setWork(m_watch.runs() > 0 ? tr("Agent Pipeline: %n run(s)", nullptr, m_watch.runs()) : QString());
}

void DesktopIntegration::end()
{
    m_ending = true;
    emit stopAsked();
    if (m_watch.runs() == 0)
        QCoreApplication::exit(0);
}

} // namespace aap
