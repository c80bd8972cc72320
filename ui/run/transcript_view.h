#pragma once

#include <QAbstractItemView>

#include "core/domain/stage.h"
#include "ui/run/row_heights.h"
#include "ui/run/transcript_row.h"
#include "ui/widgets/readable_area.h"

class QPushButton;

namespace aap {

class TranscriptModel;

/// Shows the transcript and follows its end until the reader goes elsewhere; then a pill counts what is new. Only rows in sight are
/// laid out, the others' heights are guessed until somebody gets there.
class TranscriptView : public QAbstractItemView, public ReadableArea {
    Q_OBJECT

public:
    explicit TranscriptView(TranscriptModel& transcript, QWidget* parent = nullptr);

    QRect visualRect(const QModelIndex& index) const override;
    QModelIndex indexAt(const QPoint& place) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void reset() override;
    void doItemsLayout() override;
    /// The rows in sight, unfolded details included.
    QString visibleText() const override;
    int visibleCaret() const override;
    int lineHeight() const override { return fontMetrics().lineSpacing(); }

public slots:
    void followEnd();
    /// Goes to where a stage last began.
    void showStage(aap::StageId stage);
    void showRow(const QModelIndex& row);

signals:
    /// The whole output of a tool call is wanted.
    void logAsked(const QString& callId);

protected:
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex& /*index*/) const override { return false; }
    void setSelection(const QRect& area, QItemSelectionModel::SelectionFlags flags) override;
    QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void rowsInserted(const QModelIndex& parent, int first, int last) override;
    void dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles) override;
    void updateGeometries() override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Guess { // all that is known of a row nobody has seen
        int characters = 0;
        bool isStage = false;
    };
    Guess guessOf(int row) const;
    void guessAll();
    std::pair<int, int> rowsInSight() const; ///< first and behind the last
    void measureVisible(bool atEnd);
    void measure(int row);
    void changedFrom(int row);
    void repaintChanged();
    void setScroll(int value);
    void placePill();
    void updatePill();

    TranscriptModel& m_transcript;
    QPushButton* m_pill;
    TranscriptRow m_row;
    RowHeights m_heights;
    std::vector<Guess> m_guesses;
    int m_changedFrom = 0;     ///< rows from here on look or lie otherwise than they were painted; those before it only move
    std::vector<char> m_exact; ///< whether a row's height was measured at this width
    bool m_follow = true;
    bool m_scrollingMyself = false;
    int m_new = 0;
};

} // namespace aap
