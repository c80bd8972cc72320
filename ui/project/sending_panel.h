#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/shell/workbench.h"

class QLabel;

namespace aap {

class Project;

/// What a run would begin with and what it will probably cost, before anything is sent.
class SendingPanel : public QWidget {
    Q_OBJECT

public:
    SendingPanel(Project& project, Workbench& workbench, QWidget* parent = nullptr);

    void setFileBytes(std::uint64_t bytes);
    /// Asks the history anew, soon.
    void refresh();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void count();
    void ask();
    void showForecast(const Result<Forecast>& forecast);

    Project& m_project;
    Workbench& m_workbench;
    QLabel* m_amount;
    QLabel* m_forecast;
    QTimer m_soon;
    std::uint64_t m_fileBytes = 0;
};

} // namespace aap
