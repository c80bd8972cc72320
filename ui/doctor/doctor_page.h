#pragma once

#include <vector>

#include <QWidget>

#include "core/config/doctor.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace aap {

/// Whether everything is there that a run needs, and what to do when it is not.
class DoctorPage : public QWidget {
    Q_OBJECT

public:
    explicit DoctorPage(QWidget* parent = nullptr);

    void showChecking();
    void show(const std::vector<Finding>& findings);

signals:
    void checkAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void refresh();
    QWidget* row(const Finding& finding);

    std::vector<Finding> m_findings;
    QLabel* m_summary;
    QPushButton* m_again;
    QWidget* m_list;
    QVBoxLayout* m_rows;
};

} // namespace aap
