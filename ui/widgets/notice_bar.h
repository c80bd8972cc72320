#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace aap {

/// A line that stays until it is settled: what is so, and the one button that changes it.
class NoticeBar : public QWidget {
    Q_OBJECT

public:
    /// The label is found as `name`, the button as `<name>Button`.
    NoticeBar(const QString& name, const QString& action, QWidget* parent);

    /// Shows itself.
    void say(const QString& words);
    /// While what the button does is under way.
    void setBusy(bool busy);

signals:
    void acted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_words;
    QPushButton* m_button;
};

} // namespace aap
