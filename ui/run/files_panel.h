#pragma once

#include <QFutureWatcher>
#include <QWidget>

#include "core/base/result.h"
#include "core/store/snapshot_files.h"

class QLabel;
class QListWidget;
class QPlainTextEdit;
class QPushButton;

namespace aap {

class SourceColours;

/// The files of the project at a moment of a run, from its snapshots. Nothing of them is executed or followed.
class FilesPanel : public QWidget {
    Q_OBJECT

public:
    explicit FilesPanel(QWidget* parent = nullptr);

    void clear();
    /// `output`: the run's folder; `commit`: the snapshot. Read when the panel is looked at.
    void show(const QString& output, const std::string& commit);

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QLayout* makeBar();
    std::filesystem::path snapshots() const;
    void load();
    void showList();
    void readCurrent();
    void showContent();
    void chooseFolder();

    struct Content {
        QString path{};
        QString words{};
    };
    QListWidget* m_list;
    QLabel* m_title;
    QPlainTextEdit* m_text;
    SourceColours* m_colours;
    QPushButton* m_save;
    QString m_output;
    std::string m_commit;
    std::string m_listed; ///< the snapshot whose files are shown
    QFutureWatcher<Result<std::vector<SnapshotFile>>> m_listing;
    QFutureWatcher<Result<Content>> m_reading;
};

/// The text of a file of a snapshot. Invalid: it is no text; Limit: it is larger than 1 MiB. Any thread.
Result<std::string> snapshotText(const std::filesystem::path& gitFolder, const std::string& commit, const std::string& path);

} // namespace aap
