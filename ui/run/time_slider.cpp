#include "ui/run/time_slider.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSlider>

#include "core/store/run_moment.h"
#include "ui/describe.h"
#include "ui/widgets/inert_text.h"

namespace aap {
namespace {

constexpr int kMostCallWords = 100;
constexpr int kPageOfMoments = 10;

QString clockText(TimePoint at)
{
    const auto since = std::chrono::duration_cast<Milliseconds>(at.time_since_epoch()).count();
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(since).time(), QStringLiteral("HH:mm:ss"));
}

} // namespace

TimeSlider::TimeSlider(QWidget* parent) :
    QWidget(parent),
    m_slider(new QSlider(Qt::Horizontal, this)),
    m_words(new QLabel(this)),
    m_now(new QPushButton(tr("&Now"), this)),
    m_fork(new QPushButton(tr("Run a&gain from here …"), this))
{
    m_slider->setObjectName("timeSlider");
    m_slider->setAccessibleName(tr("Moment of the run"));
    m_slider->setToolTip(tr("The project as it was after each tool call"));
    m_slider->setPageStep(kPageOfMoments);
    m_words->setObjectName("timeWords");
    m_words->setTextFormat(Qt::PlainText);
    m_words->setForegroundRole(QPalette::PlaceholderText);
    m_words->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // it changes with every step, and nothing shall jump
    m_now->setObjectName("timeNow");
    m_now->setToolTip(tr("Back to the newest state"));
    m_fork->setObjectName("timeFork");
    m_fork->setToolTip(tr("A new run with everything up to this moment (Ctrl+Shift+R)"));
    connect(m_slider, &QSlider::valueChanged, this, [this] {
        showMoment();
        emit moved();
    });
    connect(m_now, &QPushButton::clicked, this, [this] { m_slider->setValue(m_slider->maximum()); });
    connect(m_fork, &QPushButton::clicked, this, &TimeSlider::forkAsked);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(12);
    row->addWidget(m_slider, 2);
    row->addWidget(m_words, 3);
    row->addWidget(m_now);
    row->addWidget(m_fork);
    clear();
}

void TimeSlider::clear()
{
    const QSignalBlocker quiet(m_slider);
    m_stops.clear();
    m_calls.clear();
    m_commit.clear();
    m_slider->setRange(0, 0);
    hide();
}

/// The slider stays where the user left it; at now it goes along.
void TimeSlider::append(const RunBatch& batch)
{
    const bool isNow = stop() == nullptr;
    for (const auto& event : batch.events)
        take(event);
    const QSignalBlocker quiet(m_slider);
    m_slider->setRange(0, int(m_stops.size()));
    if (isNow)
        m_slider->setValue(m_slider->maximum());
    setVisible(!m_stops.empty() && !batch.state.started.output.empty());
    showMoment();
}

void TimeSlider::take(const RunEvent& event)
{
    if (const auto commit = snapshotIn(event); !commit.empty())
        m_commit = commit;
    if (const auto* started = std::get_if<ToolStarted>(&event.payload))
        m_calls.insert(text(started->callId), (text(started->tool) + u' ' + text(started->summary)).simplified().left(kMostCallWords));
    TimeStop stop{.seq = event.seq, .at = event.at, .stage = event.stage, .commit = m_commit};
    if (const auto* tool = std::get_if<ToolFinished>(&event.payload)) {
        stop.callId = text(tool->callId);
        stop.words = m_calls.take(stop.callId);
    } else if (std::holds_alternative<FilesEdited>(event.payload)) {
        stop.words = tr("files edited by hand");
    } else {
        return;
    }
    if (!m_commit.empty())
        m_stops.push_back(std::move(stop));
}

const TimeStop* TimeSlider::stop() const
{
    const auto at = std::size_t(m_slider->value());
    return at < m_stops.size() ? &m_stops[at] : nullptr;
}

void TimeSlider::setMayFork(bool may)
{
    m_mayFork = may;
    showMoment();
}

void TimeSlider::showMoment()
{
    const auto* here = stop();
    m_now->setEnabled(here != nullptr);
    m_fork->setEnabled(here != nullptr && m_mayFork);
    if (here == nullptr)
        m_words->setText(tr("Now. Move back to see the project as it was."));
    else
        m_words->setText(QStringLiteral("%1  ·  %2  ·  %3").arg(clockText(here->at), here->stage ? word(title(*here->stage)) : QString(), here->words));
    m_slider->setAccessibleDescription(m_words->text());
}

} // namespace aap
