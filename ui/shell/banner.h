#pragma once

#include <map>

#include <QWidget>

class QPushButton;

namespace aap {

class NoticeBar;

/// The row above every page: at most one matter at a time, the most urgent first.
class Banner : public QWidget {
    Q_OBJECT

public:
    /// In the order of their urgency. `Said` answers what the user has just done.
    enum class Matter { Said, Interrupted, Problem, Gate, Budget };

    explicit Banner(QWidget* parent = nullptr);

    /// A button of a matter's row; to be made once.
    QPushButton* offer(Matter matter, const QString& name, const QString& label);
    /// Plain text, whoever wrote it.
    void say(Matter matter, const QString& words);
    void settle(Matter matter);

private:
    struct Row {
        NoticeBar* bar = nullptr;
        bool isOpen = false;
    };
    void showMostUrgent();

    std::map<Matter, Row> m_rows;
};

} // namespace aap
