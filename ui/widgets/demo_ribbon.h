#pragma once

#include <QWidget>

class QButtonGroup;
class QLabel;
class QPushButton;

namespace aap {

/// Says that what is seen was recorded and costs nothing; of a playback it offers the speed.
class DemoRibbon : public QWidget {
    Q_OBJECT

public:
    explicit DemoRibbon(double speed, QWidget* parent = nullptr);

    /// `playedBack`: nothing runs, so that the speed can be chosen; else the tools run for real.
    void show(bool playedBack);
    /// Whether the way round is offered; it is not while somebody is on it.
    void offerTour(bool offered);

signals:
    void tourAsked();
    void speedChosen(double speed);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_words;
    QPushButton* m_tour;
    QWidget* m_speeds;
};

} // namespace aap
