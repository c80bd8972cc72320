#pragma once

#include <QHash>
#include <QThreadPool>
#include <QWidget>

#include "core/pipeline/attachments.h"

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace aap {

class Project;
struct AttachedFile;

/// Files and folders that go along with the requirements; what is done to the list can be undone.
class AttachmentsPanel : public QWidget {
    Q_OBJECT

public:
    explicit AttachmentsPanel(Project& project, QWidget* parent = nullptr);
    ~AttachmentsPanel() override;

    /// Asks for files.
    void choose();
    /// Text that goes to the agents; what could not be measured yet adds nothing.
    std::uint64_t textBytes() const;

public slots:
    void undo();
    void redo();

signals:
    /// Sizes are known now, or others.
    void measured();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLayout* makeHeading();
    void chooseFolder();
    void removeChosen();
    void refresh();
    void measure(const QString& place);
    void showAttachment(QTreeWidgetItem& item, const AttachedFile& attachment) const;
    void showSize(QTreeWidgetItem& item, const QString& place) const;
    void takeTick(QTreeWidgetItem* item, int column);

    Project& m_project;
    QLabel* m_heading;
    QTreeWidget* m_list;
    QLabel* m_hint;
    QPushButton* m_remove;
    QHash<QString, Result<AttachmentSize>> m_sizes; ///< of the places that were measured
    QThreadPool m_measuring;                        ///< own: a disk may be slow
};

} // namespace aap
