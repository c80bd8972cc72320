#include "ui/project/attachments_panel.h"

#include <memory>

#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/project/project.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/look.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

enum AttachmentColumn { NameColumn, SizeColumn, AgentsColumn };

} // namespace

AttachmentsPanel::AttachmentsPanel(Project& project, QWidget* parent) :
    QWidget(parent),
    m_project(project),
    m_heading(new QLabel(this)),
    m_list(new QTreeWidget(this)),
    m_hint(new QLabel(tr("Drop files here, or attach them: samples, mock-ups, data. Agents find them in the folder attachments of the project."), this)),
    m_remove(new QPushButton(tr("Remo&ve"), this))
{
    m_list->setObjectName("attachments");
    m_list->setAccessibleName(tr("Attached files"));
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setHeaderLabels({tr("Name"), tr("Size"), tr("To agents")});
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(NameColumn, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(SizeColumn, QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(AgentsColumn, QHeaderView::ResizeToContents);
    m_list->installEventFilter(this);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(makeHeading());
    column->addWidget(m_hint);
    column->addWidget(m_list, 1);
    connect(m_list, &QTreeWidget::itemChanged, this, &AttachmentsPanel::takeTick);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, [this] { m_remove->setEnabled(m_list->currentItem() != nullptr && m_list->currentItem()->isSelected()); });
    connect(&m_project, &Project::attachmentsChanged, this, &AttachmentsPanel::refresh);
    connect(&m_project, &Project::opened, this, [this] {
        m_sizes.clear();
        refresh();
    });
    refresh();
}

AttachmentsPanel::~AttachmentsPanel()
{
    m_measuring.clear();
    m_measuring.waitForDone();
}

QLayout* AttachmentsPanel::makeHeading()
{
    auto bold = m_heading->font();
    bold.setBold(true);
    m_heading->setFont(bold);
    auto* files = new QPushButton(tr("&Add …"), this);
    files->setObjectName("attachFiles");
    files->setToolTip(tr("Attach files (Ctrl+Shift+I)"));
    auto* folder = new QPushButton(tr("Add f&older …"), this);
    folder->setObjectName("attachFolder");
    folder->setToolTip(tr("Attach a folder with everything in it"));
    m_remove->setObjectName("detach");
    m_remove->setToolTip(tr("Take it off the list (Delete); the file itself stays where it is"));
    connect(files, &QPushButton::clicked, this, &AttachmentsPanel::choose);
    connect(folder, &QPushButton::clicked, this, &AttachmentsPanel::chooseFolder);
    connect(m_remove, &QPushButton::clicked, this, &AttachmentsPanel::removeChosen);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    for (auto* button : {files, folder, m_remove})
        buttons->addWidget(button);
    buttons->addStretch(1);
    auto* heading = new QVBoxLayout;
    heading->setSpacing(8);
    heading->addWidget(m_heading);
    heading->addLayout(buttons);
    return heading;
}

void AttachmentsPanel::choose()
{
    auto* dialog = new QFileDialog(this, tr("Attach files"), QFileInfo(m_project.file()).path());
    dialog->setObjectName("attachDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, &m_project, &Project::attach);
    openSheet(*dialog);
}

void AttachmentsPanel::chooseFolder()
{
    auto* dialog = new QFileDialog(this, tr("Attach a folder"), QFileInfo(m_project.file()).path());
    dialog->setObjectName("attachFolderDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::filesSelected, &m_project, &Project::attach);
    openSheet(*dialog);
}

void AttachmentsPanel::removeChosen()
{
    if (const auto row = m_list->indexOfTopLevelItem(m_list->currentItem()); row >= 0)
        m_project.detach(std::size_t(row));
}

void AttachmentsPanel::refresh()
{
    const auto& attachments = m_project.attachments();
    {
        const QSignalBlocker quiet(m_list);
        while (m_list->topLevelItemCount() > int(attachments.size()))
            const std::unique_ptr<QTreeWidgetItem> gone(m_list->takeTopLevelItem(m_list->topLevelItemCount() - 1));
        for (std::size_t row = 0; row < attachments.size(); ++row) { // items stay: one of them may be telling us right now
            auto* known = m_list->topLevelItem(int(row));
            showAttachment(known == nullptr ? *new QTreeWidgetItem(m_list) : *known, attachments[row]);
        }
    }
    for (const auto& attachment : attachments)
        measure(m_project.placeOf(attachment));
    m_heading->setText(attachments.empty() ? tr("Attached") : tr("Attached (%1)").arg(attachments.size()));
    m_hint->setVisible(attachments.empty());
    m_remove->setEnabled(m_list->currentItem() != nullptr);
    emit measured();
}

void AttachmentsPanel::showAttachment(QTreeWidgetItem& item, const AttachedFile& attachment) const
{
    const auto place = m_project.placeOf(attachment);
    item.setText(NameColumn, QFileInfo(place).fileName());
    item.setToolTip(NameColumn, place.toHtmlEscaped());
    item.setTextAlignment(SizeColumn, Qt::AlignRight | Qt::AlignVCenter);
    item.setFlags(item.flags() | Qt::ItemIsUserCheckable);
    item.setCheckState(AgentsColumn, attachment.toAgents ? Qt::Checked : Qt::Unchecked);
    item.setText(AgentsColumn, attachment.toAgents ? tr("yes") : tr("no"));
    showSize(item, place);
}

void AttachmentsPanel::measure(const QString& place)
{
    if (m_sizes.contains(place))
        return;
    m_measuring.start([place, done = toGui<Result<AttachmentSize>>(this, [this, place](const auto& size) {
        m_sizes.insert(place, size);
        const QSignalBlocker quiet(m_list);
        for (std::size_t row = 0; row < m_project.attachments().size(); ++row)
            if (m_project.placeOf(m_project.attachments()[row]) == place)
                showSize(*m_list->topLevelItem(int(row)), place);
        emit measured();
    })] { done(guarded([&] { return sizeOfAttachment(place.toStdString()); })); });
}

void AttachmentsPanel::showSize(QTreeWidgetItem& item, const QString& place) const
{
    const auto found = m_sizes.find(place);
    item.setData(SizeColumn, Qt::ForegroundRole, {});
    if (found == m_sizes.end())
        return item.setText(SizeColumn, QStringLiteral("…"));
    const auto& size = *found;
    item.setText(SizeColumn, size ? sizeText(size->bytes) : tr("✗ not possible"));
    if (size)
        return item.setToolTip(SizeColumn, size->files > 1 ? tr("%1 files").arg(size->files) : QString());
    item.setToolTip(SizeColumn, describe(size.error()).toHtmlEscaped());
    item.setForeground(SizeColumn, lookOf(CheckStatus::Failed).colour);
}

std::uint64_t AttachmentsPanel::textBytes() const
{
    std::uint64_t bytes = 0;
    for (const auto& place : m_project.attachedPlaces())
        if (const auto found = m_sizes.find(place); found != m_sizes.end() && *found)
            bytes += (*found)->textBytes;
    return bytes;
}

void AttachmentsPanel::takeTick(QTreeWidgetItem* item, int column)
{
    if (column == AgentsColumn)
        m_project.setToAgents(std::size_t(m_list->indexOfTopLevelItem(item)), item->checkState(AgentsColumn) == Qt::Checked);
}

/// Delete removes, Space ticks whatever column is in front.
bool AttachmentsPanel::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_list || event->type() != QEvent::KeyPress || m_list->currentItem() == nullptr)
        return QWidget::eventFilter(watched, event);
    const auto key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Delete)
        removeChosen();
    else if (key == Qt::Key_Space)
        m_list->currentItem()->setCheckState(AgentsColumn, m_list->currentItem()->checkState(AgentsColumn) == Qt::Checked ? Qt::Unchecked : Qt::Checked);
    else
        return QWidget::eventFilter(watched, event);
    return true;
}

void AttachmentsPanel::undo()
{
    m_project.attachmentsUndo().undo();
}

void AttachmentsPanel::redo()
{
    m_project.attachmentsUndo().redo();
}

} // namespace aap
