#pragma once

#include <vector>

#include <QWidget>

namespace aap {

/// A small line of values over turns or time: highest and lowest at its side, and the value under the pointer or chosen with the arrow
/// keys. Says itself in a sentence.
class Sparkline : public QWidget {
    Q_OBJECT

public:
    using Format = QString (*)(double value);
    /// What the value at `index` of `count` is of: "turn 3".
    using PlaceName = QString (*)(int index, int count);
    Sparkline(const QString& title, Format format, QWidget* parent = nullptr);

    void setValues(std::vector<double> values);
    /// Turns, unless something else is said.
    void setPlaceName(PlaceName name) { m_placeName = name; }
    const std::vector<double>& values() const { return m_values; }
    QString summary() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {140, 72}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF chart() const;
    QPointF placeOf(int index) const;
    void choose(int index);
    QString chosenValue() const;

    QString m_title;
    Format m_format;
    PlaceName m_placeName;
    std::vector<double> m_values;
    int m_chosen = -1;
};

} // namespace aap
