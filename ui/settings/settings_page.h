#pragma once

#include <QList>
#include <QWidget>

#include "ui/shell/workbench.h"

class QLabel;
class QLineEdit;
class QListWidget;
class QScrollArea;

namespace aap {

class KeyBox;
class Preferences;
class SettingRow;
class WindowBox;

/// Every setting there is, with its value and where that came from. A change is written to the configuration file and holds from the
/// next run on.
class SettingsPage : public QWidget {
    Q_OBJECT

public:
    SettingsPage(Workbench& workbench, Preferences& preferences, QWidget* parent = nullptr);

    /// What the doctor found of the key.
    void showFindings(const std::vector<Finding>& findings);

public slots:
    void find();

signals:
    /// The key shall be tried.
    void testAsked();
    /// Something holds that did not before.
    void changed();

protected:
    void showEvent(QShowEvent* event) override;

private:
    QWidget* makeRows(Preferences& preferences);
    void connectKey();
    void refresh();
    void filter();
    void change(const Setting& setting, const std::optional<Json>& value);
    void takeChange(const Result<void>& outcome);

    Workbench& m_workbench;
    QLineEdit* m_search;
    QListWidget* m_sections;
    KeyBox* m_key = nullptr;
    WindowBox* m_look = nullptr;
    WindowBox* m_notices = nullptr;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_note;
    QList<SettingRow*> m_rows;
};

} // namespace aap
