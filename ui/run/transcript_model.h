#pragma once

#include <map>
#include <optional>

#include <QAbstractListModel>
#include <QHash>

#include "core/domain/run_event.h"
#include "ui/run/run_feed.h"

namespace aap {

/// What was said and done in a run, one row per message, tool call, check or turn of events; tool calls are folded.
class TranscriptModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum class Kind { Stage, Said, Thinking, Tool, Check, Note, Problem };
    enum Role {
        KindRole = Qt::UserRole,
        DetailRole,   ///< what unfolds; empty for nothing
        UnfoldedRole, ///< bool
        ShapeRole,    ///< Shape as int, -1 for none
        ColourRole,   ///< of the shape
        AsideRole,    ///< right-aligned: time, size, result
        CallRole,     ///< id of the tool call, empty for other rows
        MarkdownRole, ///< bool: it is shown as Markdown
        ProblemRole,  ///< bool: it is among what is wrong now
    };

    explicit TranscriptModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    void clear();
    void append(const RunBatch& batch);
    void toggle(const QModelIndex& index);
    void foldAll(bool folded);
    /// Where a stage last began; invalid when it has not.
    QModelIndex beginOf(StageId stage) const;

private:
    struct Row {
        Kind kind{};
        QString text{};
        QString detail{};
        QString aside{};
        QString callId{};
        int shape = -1;
        StageStatus colourOf = StageStatus::NotStarted;
        bool unfolded = false;
        bool problem = false;
        bool markdown = false;
        std::optional<StageId> checkedStage{}; ///< of a check
        QString tool{};    ///< of a call
        int calls = 1;     ///< how many of the same reading tool stand here
        double seconds = 0; ///< of all of them
    };
    void add(Row row);
    void change(int row);
    void take(const RunEvent& event);
    void take(const LiveEvent& event);
    void startTool(const ToolStarted& tool);
    void finishTool(const ToolFinished& tool);
    void finishMerged(int at, const ToolFinished& tool);
    void showFailure(Row& row, const ToolFinished& tool);
    void settleProblems(std::optional<StageId> stage);
    void endLive();
    void finishText(const TurnFinished& turn);

    QList<Row> m_rows;
    std::map<StageId, int> m_begins; ///< the row where a stage last began
    QHash<QString, int> m_openTools; ///< call id -> row
    int m_liveText = -1;             ///< the row that grows while the agent writes
    int m_liveThinking = -1;
};

} // namespace aap
