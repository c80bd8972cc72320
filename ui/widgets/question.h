#pragma once

#include <functional>

#include <QDialog>

class QHBoxLayout;

namespace aap {

/// Shows a dialog without holding up the event loop.
void openSheet(QDialog& dialog);

/// Asks without holding up the event loop. The answers are verbs; Esc takes none of them. Deletes itself.
class Question : public QDialog {
    Q_OBJECT

public:
    Question(const QString& title, const QString& words, QWidget* parent);

    /// The first one is the default. `chosen` is called after the question has gone.
    void offer(const char* name, const QString& label, std::function<void()> chosen);
    void ask();

private:
    QHBoxLayout* m_answers;
};

} // namespace aap
