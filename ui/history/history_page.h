#pragma once

#include <functional>
#include <optional>
#include <set>

#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include "core/store/fork_run.h"
#include "ui/history/history_model.h"
#include "ui/history/run_comparison.h"
#include "ui/run/run_feed.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSettings;
class QStackedWidget;
class QTableView;

namespace aap {

class CompareView;
class NoticeBar;
class RunExports;
class Workbench;

/// Every run there was: found by the filter bar, opened as it went, compared, exported. The journal is read on a worker thread.
class HistoryPage : public QWidget {
    Q_OBJECT

public:
    /// `memory` keeps which runs are pinned.
    HistoryPage(Workbench& workbench, QSettings& memory, QWidget* parent = nullptr);
    ~HistoryPage() override;

    void reload();
    /// The ids of the runs that this window carries out.
    void setAtWork(std::set<std::string> runIds);
    /// Asks for a place and writes the results of the chosen run there.
    void exportChosen();
    void compareChosen();
    /// It stays on top of the list, and out of the trash, or does so no more.
    void pinChosen();
    RunExports& exports() const { return *m_exports; }
    /// Asks from which stage the chosen run shall be gone through again.
    void forkChosen();
    void discardChosen();
    /// Takes a run out of the list, and ten seconds later out of the history, its files to the trash; until then it can be undone.
    void discard(const RunSummary& run);
    /// Reads a run of the journal; `opened` or `failed` follows.
    void open(const std::string& runId);

public slots:
    void find();

signals:
    /// A run of the past was read and shall be shown.
    void opened(const aap::RunBatch& past);
    /// A run was chosen to be shown; when the window has it at work it need not be read.
    void openAsked(const std::string& runId);
    /// The chosen run shall go on.
    void resumeAsked(const aap::RunSummary& run);
    void forkAsked(const aap::ForkWish& wish);
    void failed(const aap::Error& error);
    void demoAsked();

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeList();
    QWidget* makeEmpty();
    QLayout* makeSearch();
    QLineEdit* makeFilter();
    QLayout* makeBar();
    void makeUndo();
    void makeTable();
    void filter();
    void showRuns(const Result<std::vector<RunSummary>>& runs);
    void offer();
    std::vector<RunSummary> chosen() const;
    std::set<std::string> pinned() const;
    void inBackground(std::function<void()> work);
    void readAnd(const std::string& runId, std::function<void(const RunBatch&)> work);
    void discardForGood();
    void keepDiscarded();

    Workbench& m_workbench;
    QSettings& m_memory;
    std::set<std::string> m_atWork;
    HistoryModel* m_runs;
    HistorySelection* m_selection;
    QStackedWidget* m_views;
    QLineEdit* m_filter = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_resume = nullptr;
    QPushButton* m_fork = nullptr;
    QPushButton* m_compare = nullptr;
    QPushButton* m_export = nullptr;
    QPushButton* m_pin = nullptr;
    QPushButton* m_discard = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_figures = nullptr;
    QWidget* m_empty = nullptr;
    CompareView* m_comparison;
    RunExports* m_exports;
    NoticeBar* m_undo = nullptr;
    QTimer m_undoTime;
    std::string m_undoable;            ///< the run that goes when m_undoTime is over
    std::set<std::string> m_discarded; ///< not shown any more: that one, and those that are being removed
    QThreadPool m_workers; ///< own: a disk may be slow
};

} // namespace aap
