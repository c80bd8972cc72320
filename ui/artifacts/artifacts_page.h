#pragma once

#include <QFutureWatcher>
#include <QWidget>

#include "ui/artifacts/artifact_list.h"
#include "ui/artifacts/preview.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace aap {

class PreviewPane;

/// What a run left in its output folder: a tree and a preview, beside another run's when one is chosen. Nothing is executed, followed
/// or fetched.
class ArtifactsPage : public QWidget {
    Q_OBJECT

public:
    explicit ArtifactsPage(QWidget* parent = nullptr);

    /// Shows pipeline_output/<run-id>; reads it on a worker thread. Keeps what is selected.
    void setFolder(const QString& folder);
    void reload();

private:
    struct Listing {
        QList<ArtifactEntry> entries{};
        QStringList others{};
    };
    QWidget* makeFiles();
    QWidget* makePreview();
    QString before() const; ///< folder of the run to compare with, or empty
    void showListing();
    void showOthers(const QStringList& others);
    void addItem(const ArtifactEntry& entry, QHash<QString, QTreeWidgetItem*>& folders);
    void filter();
    QStringList openFolders() const; ///< what the reader has opened stays so
    void openCurrent();
    void showPreview();

    QString m_folder;
    QTreeWidget* m_tree;
    QLineEdit* m_filter;
    QComboBox* m_other;
    QLabel* m_title;
    PreviewPane* m_pane;
    QPushButton* m_openReport;
    QPushButton* m_openFolder;
    QPushButton* m_copyPath;
    QFutureWatcher<Listing> m_listing;
    QFutureWatcher<Preview> m_reading;
};

} // namespace aap
