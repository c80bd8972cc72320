#pragma once

#include <QListView>

#include "core/domain/stage.h"

class QPushButton;

namespace aap {

class TranscriptModel;

/// Shows the transcript and follows its end until the reader goes elsewhere; then a pill counts what is new.
class TranscriptView : public QListView {
    Q_OBJECT

public:
    explicit TranscriptView(TranscriptModel& transcript, QWidget* parent = nullptr);

public slots:
    void followEnd();
    /// Goes to where a stage last began.
    void showStage(aap::StageId stage);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    bool isAtEnd() const;
    void placePill();

    TranscriptModel& m_transcript;
    QPushButton* m_pill;
    bool m_follow = true;
    bool m_scrollingMyself = false;
    int m_new = 0;
};

} // namespace aap
