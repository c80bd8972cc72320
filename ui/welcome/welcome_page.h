#pragma once

#include <vector>

#include <QWidget>

#include "core/config/doctor.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace aap {

/// The first thing one sees: what this is, the one button to try it, and whether a run of one's own could start.
class WelcomePage : public QWidget {
    Q_OBJECT

public:
    explicit WelcomePage(QWidget* parent = nullptr);

    void showFindings(const std::vector<Finding>& findings);
    /// Project files that were open lately, the last one first.
    void showRecent(const QStringList& files);

signals:
    void demoAsked();
    void writingAsked();
    void newAsked();
    void openAsked();
    void projectAsked(const QString& file);
    void forgetAsked(const QString& file);
    void doctorAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    QLayout* makeOffers();
    QLayout* makeRecent();
    QWidget* makeReadiness();
    void showReadiness();

    std::vector<Finding> m_findings;
    QVBoxLayout* m_ready = nullptr;
    QLabel* m_recentHeading = nullptr;
    QVBoxLayout* m_recent = nullptr;
};

} // namespace aap
