#pragma once

#include <QWidget>

#include "ui/shell/sidebar.h"

class QLabel;
class QPushButton;

namespace aap {

class DemoRibbon;

/// Leads a newcomer through the pages while a demo is in front: a sentence for each, and buttons to go on, back and away. Nothing moves
/// by itself.
class DemoTour : public QWidget {
    Q_OBJECT

public:
    /// Begins when the ribbon is asked for it.
    explicit DemoTour(DemoRibbon& ribbon, QWidget* parent = nullptr);

    /// From its first page.
    void begin();
    void end();
    bool isOn() const { return m_stop >= 0; }

signals:
    void pageAsked(aap::PageId page);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void goTo(int stop);

    DemoRibbon& m_ribbon;
    int m_stop = -1; ///< none
    QLabel* m_words;
    QPushButton* m_back;
    QPushButton* m_next;
};

} // namespace aap
