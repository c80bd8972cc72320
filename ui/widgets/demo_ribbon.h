#pragma once

#include <QWidget>

class QButtonGroup;
class QLabel;

namespace aap {

/// Says that what is seen was recorded and costs nothing; of a playback it offers the speed.
class DemoRibbon : public QWidget {
    Q_OBJECT

public:
    explicit DemoRibbon(double speed, QWidget* parent = nullptr);

    /// `playedBack`: nothing runs, so that the speed can be chosen; else the tools run for real.
    void show(bool playedBack);

signals:
    void speedChosen(double speed);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_words;
    QWidget* m_speeds;
};

} // namespace aap
