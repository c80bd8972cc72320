#pragma once

#include <functional>
#include <map>

#include <QWidget>

#include "ui/run/run_feed.h"
#include "ui/widgets/look.h"

class QLabel;
class QListWidget;

namespace aap {

/// The agents of a run beside what they say: what each has used, and of the one that is chosen, or at work, what it plans and how much
/// of what its model can read at once is in use.
class AgentsPane : public QWidget {
    Q_OBJECT

public:
    /// How many tokens a model reads at once; 0 where that is not known.
    using ContextSize = std::function<std::int64_t(const std::string& model)>;

    explicit AgentsPane(QWidget* parent = nullptr);

    void setContextSize(ContextSize size) { m_contextSize = std::move(size); }
    void clear();
    void append(const RunBatch& batch);
    /// `halted`: nothing is at work, for this reason.
    void setHalted(const std::optional<StateLook>& halted);

private:
    const StageState* chosen() const;
    void showAgents();
    void showPlan();
    QString contextLine(const StageState& stage) const;

    RunState m_state;
    std::optional<StateLook> m_halted;
    std::map<StageId, std::int64_t> m_contexts; ///< tokens of each stage's last turn, its answer included
    ContextSize m_contextSize;
    QListWidget* m_agents;
    QLabel* m_heading;
    QListWidget* m_plan;
    QLabel* m_context;
    bool m_isPicked = false; ///< by the user; else the agent at work is shown
};

} // namespace aap
