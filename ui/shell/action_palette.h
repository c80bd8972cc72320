#pragma once

#include <QDialog>

class QAction;
class QLineEdit;
class QListWidget;

namespace aap {

/// Finds an action by what it is called and does it: type some of its words, Return. Esc leaves. Deletes itself.
class ActionPalette : public QDialog {
    Q_OBJECT

public:
    /// Offers those of `actions` that can be done now.
    ActionPalette(const QList<QAction*>& actions, QWidget* parent);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& words);
    void perform();

    const QList<QAction*> m_actions;
    QLineEdit* m_words;
    QListWidget* m_found;
};

} // namespace aap
