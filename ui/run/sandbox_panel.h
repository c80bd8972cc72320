#pragma once

#include <vector>

#include <QAbstractTableModel>
#include <QWidget>

#include "core/base/result.h"
#include "core/domain/run_state.h"
#include "core/sandbox/sandbox_look.h"

class QLabel;
class QPushButton;
class QTableView;
class QTimer;

namespace aap {

class Sparkline;

/// What runs in the sandboxes of a run: the table that ps gives, its commands made harmless to look at.
class SandboxProcesses : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void show(const std::vector<SandboxLook>& looks);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<std::string> m_titles;
    std::vector<std::vector<std::string>> m_rows;
};

/// The sandbox of the stage at work: which container it is, what it may use, what it used in the last ten minutes, and what runs in it.
/// It asks to be shown only while somebody sees it.
class SandboxPanel : public QWidget {
    Q_OBJECT

public:
    explicit SandboxPanel(QWidget* parent = nullptr);

    void clear();
    /// `isAtWork`: sandboxes come and go.
    void follow(const RunState& state, bool isAtWork);
    /// What came of an ask.
    void take(const Result<std::vector<SandboxLook>>& looks);

signals:
    /// At most once in two seconds, and not before the last answer came.
    void lookAsked();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeButtons();
    void ask();
    bool isSpare(const SandboxLook& look) const;
    void showLooks(const std::vector<SandboxLook>& looks);
    QString command() const;

    QLabel* m_place;
    QLabel* m_limits;
    Sparkline* m_cpu;
    Sparkline* m_memory;
    SandboxProcesses* m_processes;
    QTableView* m_table;
    QPushButton* m_copy;
    QPushButton* m_terminal;
    QTimer* m_clock;
    std::string m_wanted;    ///< container of the stage at work, as its events say
    std::string m_container; ///< the one that is shown; empty between two stages
    std::vector<double> m_cpuValues;
    std::vector<double> m_memoryValues;
    bool m_isAtWork = false;
    bool m_isAsked = false;
};

} // namespace aap
