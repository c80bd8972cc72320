#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace aap {

/// A line that stays until it is settled: what is so, and the buttons that change it.
class NoticeBar : public QWidget {
    Q_OBJECT

public:
    /// The label is found as `name`.
    NoticeBar(const QString& name, QWidget* parent);
    /// With one button, found as `<name>Button`, which emits acted().
    NoticeBar(const QString& name, const QString& action, QWidget* parent);

    /// A further button.
    QPushButton* offer(const QString& name, const QString& label);
    /// Shows itself.
    void say(const QString& words);
    /// While what the buttons do is under way.
    void setBusy(bool busy);

signals:
    void acted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_words;
    QHBoxLayout* m_row;
    QList<QPushButton*> m_buttons;
};

} // namespace aap
