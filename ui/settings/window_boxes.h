#pragma once

#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QSpinBox;

namespace aap {

class Preferences;

/// Settings of the window itself. They are found by their words, as the rows of other settings are.
class WindowBox : public QWidget {
    Q_OBJECT

public:
    /// Every word stands somewhere in it.
    bool fits(const QStringList& words) const;

protected:
    explicit WindowBox(QWidget* parent) : QWidget(parent) {}
};

/// Colours, size of the text, language.
class LookBox : public WindowBox {
    Q_OBJECT

public:
    LookBox(Preferences& preferences, QWidget* parent);

private:
    void show();
    void addRow(QFormLayout& form, const QString& label, QWidget* field, const char* name);

    Preferences& m_preferences;
    QComboBox* m_scheme;
    QSpinBox* m_textSize;
    QComboBox* m_language;
};

/// What the desktop is told while the window is not in front, and whether the computer stays awake.
class NoticesBox : public WindowBox {
    Q_OBJECT

public:
    NoticesBox(Preferences& preferences, QWidget* parent);
};

} // namespace aap
