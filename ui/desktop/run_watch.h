#pragma once

#include <map>
#include <memory>
#include <string>

#include <QObject>
#include <QString>

#include "core/engine/run_recorder.h"

namespace aap {

/// What of a run matters to somebody who looks elsewhere.
struct RunNews {
    enum class Moment { Began, NeedsYou, Paused, GoesOn, BudgetNear, BudgetSpent, EngineLost, Finished, Failed, Stopped, Gone };

    std::string run{};
    Moment moment{};
    QString name{};   ///< of the run, as its user wrote it
    QString detail{}; ///< may be text of a model's: plain, and for eyes only
};

/// Listens to runs on their threads and tells on the GUI thread what matters.
class RunWatch : public QObject {
    Q_OBJECT

public:
    explicit RunWatch(QObject* parent = nullptr);
    ~RunWatch() override;

    /// Any thread. An observer to be given to a run in place of `inner`, to which it passes everything on. Counts as a run from
    /// here until it is destroyed.
    std::shared_ptr<RunObserver> watched(std::shared_ptr<RunObserver> inner);

    /// Runs that are there, at work or waiting.
    int runs() const { return int(m_working.size()); }
    /// Those of them at work: neither at a gate nor paused.
    int working() const;

signals:
    void news(const aap::RunNews& news);

private:
    class Ear;
    struct Post;

    void take(int ear, const RunNews& news);

    std::shared_ptr<Post> m_post; ///< shared with the ears, which may outlive us
    std::map<int, bool> m_working; ///< by ear: whether it is at work
};

} // namespace aap
