#pragma once

#include <string>
#include <vector>

#include <QHash>
#include <QWidget>

#include "ui/run/run_feed.h"

class QLabel;
class QPushButton;
class QSlider;

namespace aap {

/// A moment of a run: after a tool call, with the project as it was then.
struct TimeStop {
    std::int64_t seq = 0; ///< of the event
    TimePoint at{};
    std::optional<StageId> stage{};
    QString words{};      ///< what was done: "write_file src/a.py"
    QString callId{};
    std::string commit{}; ///< the newest snapshot by then
};

/// Goes back to any tool call since the first snapshot, and forth to now. Hidden as long as there is none.
class TimeSlider : public QWidget {
    Q_OBJECT

public:
    explicit TimeSlider(QWidget* parent = nullptr);

    void clear();
    void append(const RunBatch& batch);
    /// A new run may begin at a moment of this one.
    void setMayFork(bool may);
    /// Null: it stands at now.
    const TimeStop* stop() const;
    /// The newest snapshot; empty: there is none.
    const std::string& newest() const { return m_commit; }

signals:
    /// Another moment is looked at, or now; see stop().
    void moved();
    void forkAsked();

private:
    void take(const RunEvent& event);
    void showMoment();

    QSlider* m_slider;
    QLabel* m_words;
    QPushButton* m_now;
    QPushButton* m_fork;
    std::vector<TimeStop> m_stops;
    QHash<QString, QString> m_calls; ///< id -> what it does
    std::string m_commit;
    bool m_mayFork = false;
};

} // namespace aap
