#pragma once

#include <QFutureWatcher>
#include <QPointer>
#include <QTextDocument>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTextBrowser;
class QTreeWidget;

namespace aap {

/// What a run left in its output folder: a tree and a plain preview. Nothing is executed, followed or fetched.
class ArtifactsPage : public QWidget {
    Q_OBJECT

public:
    explicit ArtifactsPage(QWidget* parent = nullptr);

    /// Shows pipeline_output/<run-id>; reads it on a worker thread. Keeps what is selected.
    void setFolder(const QString& folder);
    void reload();

    struct Entry {
        QString path{}; ///< relative, '/' between parts
        qint64 bytes = 0;
        bool folder = false;
    };
    struct Preview {
        QString path{};
        QString words{};
        QString note{};
    };

private:
    QWidget* makePreview();
    void showEntries();
    QStringList openFolders() const; ///< what the reader has opened stays so
    void openCurrent();
    void showPreview();
    void showWords();

    QString m_folder;
    QTreeWidget* m_tree;
    QLabel* m_title;
    QPlainTextEdit* m_view;
    QTextBrowser* m_rendered;
    QPointer<QTextDocument> m_markdown; ///< what is rendered; a child of its view
    QStackedWidget* m_previews;
    QPushButton* m_asSource;
    QPushButton* m_openReport;
    QPushButton* m_openFolder;
    Preview m_preview;
    QFutureWatcher<QList<Entry>> m_listing;
    QFutureWatcher<Preview> m_reading;
};

} // namespace aap
