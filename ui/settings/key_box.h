#pragma once

#include <QWidget>

#include "core/config/app_config.h"
#include "core/config/doctor.h"
#include "ui/shell/workbench.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace aap {

/// The key of the provider: whose it is, whether it works, and a new one. It is never shown beyond its last four characters.
class KeyBox : public QWidget {
    Q_OBJECT

public:
    explicit KeyBox(QWidget* parent = nullptr);

    void show(const AppConfig& config);
    void showTesting();
    /// Says what came of it, when it was asked for.
    void showTested(const Finding& finding);
    void showFailure(const QString& words);

    ApiKey typed() const;

signals:
    void testAsked();
    /// The key is what is typed(); a signal would copy it.
    void keepAsked(aap::Workbench::KeyPlace place);

private:
    QLabel* m_current;
    QLabel* m_verdict;
    QLineEdit* m_key;
    QComboBox* m_place;
    QPushButton* m_keep;
    QPushButton* m_test;
};

} // namespace aap
