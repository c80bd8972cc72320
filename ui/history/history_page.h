#pragma once

#include <functional>
#include <set>

#include <QThreadPool>
#include <QWidget>

#include "ui/history/history_model.h"
#include "ui/history/run_comparison.h"
#include "ui/run/run_feed.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace aap {

class CompareView;
class Workbench;

/// Every run there was: found by the filter bar, opened as it went, compared, exported. The journal is read on a worker thread.
class HistoryPage : public QWidget {
    Q_OBJECT

public:
    explicit HistoryPage(const Workbench& workbench, QWidget* parent = nullptr);
    ~HistoryPage() override;

    void reload();
    /// The ids of the runs that this window carries out.
    void setAtWork(std::set<std::string> runIds);
    /// Asks for a place and writes the results of the chosen run there.
    void exportChosen();
    void compareChosen();
    /// Reads a run of the journal; `opened` or `failed` follows.
    void open(const std::string& runId);

public slots:
    void find();

signals:
    /// A run of the past was read and shall be shown.
    void opened(const aap::RunBatch& past);
    /// A run was chosen to be shown; when the window has it at work it need not be read.
    void openAsked(const std::string& runId);
    void failed(const aap::Error& error);
    void demoAsked();

protected:
    void showEvent(QShowEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeList();
    QLayout* makeBar();
    void makeTable();
    void filter();
    void showRuns(const Result<std::vector<RunSummary>>& runs);
    void offer();
    std::vector<RunSummary> chosen() const;
    void exportTo(const RunSummary& run, const QString& target);
    void inBackground(std::function<void()> work);

    const Workbench& m_workbench;
    std::set<std::string> m_atWork;
    HistoryModel* m_runs;
    HistorySelection* m_selection;
    QStackedWidget* m_views;
    QLineEdit* m_filter = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_compare = nullptr;
    QPushButton* m_export = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_figures = nullptr;
    QWidget* m_empty = nullptr;
    CompareView* m_comparison = nullptr;
    QThreadPool m_workers; ///< own: a disk may be slow
};

} // namespace aap
