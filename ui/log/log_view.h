#pragma once

#include <memory>
#include <optional>
#include <set>

#include <QAbstractScrollArea>
#include <QRegularExpression>

#include "ui/log/log_folds.h"
#include "ui/log/log_line.h"
#include "ui/log/log_source.h"
#include "ui/widgets/readable_area.h"

class QPushButton;

namespace aap {

/// Shows a log file of any size: only what is in sight is read and painted. Follows its end until the reader goes elsewhere; then a
/// pill counts what is new. Lines are selected whole and copied as text. Tool calls can be folded and filtered by stage.
class LogView : public QAbstractScrollArea, public ReadableArea {
    Q_OBJECT

public:
    explicit LogView(QWidget* parent = nullptr);
    ~LogView() override;

    LogSource& source() { return m_source; }

    bool follows() const { return m_follow; }
    bool wraps() const { return m_wrap; }
    /// The line keys act upon; none while nobody has chosen one.
    std::optional<std::uint64_t> currentLine() const { return m_current; }
    /// First and last line of the selection.
    std::optional<std::pair<std::uint64_t, std::uint64_t>> selection() const;
    /// Plain text of what is in sight, for screen readers and tests.
    QString visibleText() const override;
    int visibleCaret() const override;
    int lineHeight() const override { return m_rowHeight; }
    std::uint64_t firstVisibleLine() const;
    /// A line as shown, without colours.
    QString lineText(std::uint64_t line) const;
    std::uint64_t lineCount() const { return m_source.lines(); }

    /// Hits in sight are marked by `expression`; `lines` are marked in the scroll bar.
    void showHits(const QRegularExpression& expression, const std::vector<std::uint64_t>* lines);
    void setStageFilter(std::optional<StageId> stage);

public slots:
    void followEnd();
    void setWrap(bool wrap);
    /// Unfolds what hides it and brings it into sight.
    void goToLine(quint64 line);
    /// To where a tool call begins; false when the log knows no such call.
    bool goToCall(const QString& callId);
    void foldAll(bool folded);
    void copy();
    void selectAll();

signals:
    /// What is selected is too big for the clipboard.
    void copyTooBig(quint64 bytes);
    void currentLineChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    class Painter;
    friend class Painter;

    std::uint64_t rows() const { return m_folds.rows(m_source.lines()); }
    int rowsInSight() const;
    int heightOf(std::uint64_t line) const; ///< in rows of the screen
    std::uint64_t lastTopRow() const;
    std::optional<std::uint64_t> lineAt(QPoint place) const;
    void measure();
    void grew();
    void restarted();
    void updateBars();
    void refold();
    void toggleFold(std::uint64_t line);
    void setCurrent(std::uint64_t line, bool extend);
    void bringIntoSight(std::uint64_t line);
    void stopFollowing();
    void placePill();
    void updatePill();
    void autoScroll();
    const LogSection* sectionAt(std::uint64_t line) const; ///< that begins there

    LogSource m_source;
    LogFolds m_folds;
    std::vector<LogSection> m_sections;
    std::set<std::uint64_t> m_folded; ///< first lines of folded sections
    std::optional<StageId> m_stage;
    QPushButton* m_pill;
    qreal m_cellWidth = 8;
    int m_rowHeight = 16;
    bool m_wrap = false;
    bool m_follow = true;
    bool m_scrollingMyself = false;
    std::uint64_t m_seenRows = 0; ///< when the reader stopped following
    mutable int m_widest = 0;     ///< columns of what was painted
    std::optional<std::uint64_t> m_current;
    std::uint64_t m_anchor = 0;
    bool m_selecting = false;
    QTimer m_autoScroll;
    QRegularExpression m_hits;
};

} // namespace aap
