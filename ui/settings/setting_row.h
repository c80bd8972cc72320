#pragma once

#include <functional>
#include <optional>

#include <QWidget>

#include "core/config/settings.h"

class QLabel;
class QPushButton;

namespace aap {

/// One setting: what it means, its value, where that came from, and what is wrong with what was typed.
class SettingRow : public QWidget {
    Q_OBJECT

public:
    /// Called with a value that the setting's rule allows, or without one when the default shall hold again.
    using Change = std::function<void(const Setting& setting, const std::optional<Json>& value)>;

    SettingRow(const Setting& setting, Change change, QWidget* parent);

    void show(const AppConfig& config);
    /// Every word is part of the key or of what it means.
    bool fits(const QStringList& words) const;
    const Setting& setting() const { return m_setting; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeEditor();
    void take(const QString& typed);
    void setShown(const Json& value);
    void complain(const QString& words);

    const Setting& m_setting; // of the program's list: it lives as long as the program
    Change m_change;
    QWidget* m_editor;
    QPushButton* m_useDefault;
    QLabel* m_note;
    QString m_origin;
    QString m_shown; ///< the value as text
};

} // namespace aap
