#pragma once

#include <vector>

#include <QAbstractScrollArea>

#include "ui/widgets/line_diff.h"
#include "ui/widgets/readable_area.h"

namespace aap {

/// Shows a comparison: signs beside colours, one column or old and new side by side. Only what is in sight is painted. Plain text.
class DiffView : public QAbstractScrollArea, public ReadableArea {
    Q_OBJECT

public:
    explicit DiffView(QWidget* parent = nullptr);

    /// `nothing`: what is said when there are no rows.
    void show(std::vector<DiffRow> rows, const QString& nothing);
    void setSideBySide(bool beside);
    bool isSideBySide() const { return m_beside; }
    /// Brings the row of a file to the top; false when there is none.
    bool goToFile(const QString& file);
    /// What is in sight, with its signs.
    QString visibleText() const override;
    int visibleCaret() const override { return 0; }
    int lineHeight() const override { return m_rowHeight; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    struct Line { // of the screen: indices into m_rows, -1 for nothing
        int left = -1;
        int right = -1;
    };
    void arrange();
    void measureCells();
    void paintSide(QPainter& painter, const DiffRow& row, const QRectF& area, int number) const;
    QString wordsOf(const DiffRow& row) const;

    std::vector<DiffRow> m_rows;
    std::vector<Line> m_lines;
    QString m_nothing;
    bool m_beside = false;
    int m_rowHeight = 16;
    qreal m_cell = 8;
    int m_digits = 3;
    int m_longest = 0;
};

} // namespace aap
