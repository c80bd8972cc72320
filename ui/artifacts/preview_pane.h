#pragma once

#include <QWidget>

#include "ui/artifacts/preview.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QStackedWidget;
class QTabBar;
class QTreeView;

namespace aap {

class DiffView;
class InertBrowser;
class LogPanel;
class SourceColours;

/// Shows a preview as text, rendered, or as what changed; the reader's choice stays where a file allows it.
class PreviewPane : public QWidget {
    Q_OBJECT

public:
    explicit PreviewPane(QWidget* parent = nullptr);

    void show(const Preview& preview);

protected:
    void changeEvent(QEvent* event) override;

private:
    enum Tab { TextTab, RenderedTab, ChangesTab };

    void makeViews();
    void makeTabs();
    void offerTabs();
    void showTab();
    void showText();
    void showRendered();
    void showMarkdown();
    void showPicture();

    Preview m_preview;
    QTabBar* m_tabs;
    QStackedWidget* m_views;
    QPlainTextEdit* m_text;
    SourceColours* m_colours;
    InertBrowser* m_markdownView;
    QTreeView* m_jsonView;
    JsonTree* m_json;
    QScrollArea* m_pictureArea;
    QLabel* m_picture;
    LogPanel* m_big;
    DiffView* m_changes;
    QPushButton* m_beside;
    int m_wanted = RenderedTab;
    bool m_changing = false;
};

} // namespace aap
