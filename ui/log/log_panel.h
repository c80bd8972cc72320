#pragma once

#include <QWidget>

#include "ui/log/log_find.h"
#include "ui/log/log_view.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace aap {

/// A log with what one does to it: find (Ctrl+F, F3), wrap (Alt+Z), fold (Ctrl+Shift+[ and ]), choose a stage, save what is selected.
class LogPanel : public QWidget {
    Q_OBJECT

public:
    /// `name` is the view's; the bars are found as `<name>Find` and the like.
    explicit LogPanel(const QString& name, QWidget* parent = nullptr);

    LogView& view() { return *m_view; }
    /// With tool calls in it, or a plain file.
    void open(const QString& folder, const QString& relative, bool sections);
    void close();

    void showFind();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeTools(const QString& name);
    QWidget* makeFindBar(const QString& name);
    bool takes(const QKeyEvent& key) const;
    void find();
    void showCount();
    void step(bool forward);
    void hideFind();
    void saveSelection();

    LogView* m_view;
    LogFind m_find;
    QWidget* m_tools = nullptr;
    QComboBox* m_stages = nullptr;
    QToolButton* m_wrap = nullptr;
    QToolButton* m_fold = nullptr;
    QWidget* m_findBar = nullptr;
    QLineEdit* m_words = nullptr;
    QCheckBox* m_case = nullptr;
    QCheckBox* m_whole = nullptr;
    QCheckBox* m_regex = nullptr;
    QLabel* m_count = nullptr;
    bool m_jumpToFirst = false;
};

} // namespace aap
