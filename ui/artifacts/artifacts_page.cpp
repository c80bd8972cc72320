#include "ui/artifacts/artifacts_page.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QDir>
#include <QHBoxLayout>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QUrl>
#include <QVBoxLayout>
#include <QtConcurrent>

#include "ui/artifacts/preview_pane.h"
#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr const char* kReport = "/REPORT.html";
const int kPathRole = Qt::UserRole;       // of a file
const int kFolderRole = Qt::UserRole + 1; // of a folder

using Change = ArtifactEntry::Change;

/// A sign and a word beside the colour.
struct ChangeLook {
    QString sign{};
    QString word{};
    StageStatus colourOf = StageStatus::NotStarted;
};
ChangeLook lookOfChange(Change change)
{
    switch (change) {
    case Change::Added: return {QStringLiteral("+"), ArtifactsPage::tr("New since the other run"), StageStatus::Passed};
    case Change::Modified: return {QStringLiteral("~"), ArtifactsPage::tr("Changed since the other run"), StageStatus::Waiting};
    case Change::Removed: return {QStringLiteral("−"), ArtifactsPage::tr("Gone since the other run"), StageStatus::Failed};
    case Change::Same: return {QStringLiteral("="), ArtifactsPage::tr("The same as in the other run"), StageStatus::NotStarted};
    case Change::NotCompared: break;
    }
    return {};
}

QStringList openByItself()
{
    return {QStringLiteral("workspace"), QStringLiteral("reports")};
}

} // namespace

ArtifactsPage::ArtifactsPage(QWidget* parent) :
    QWidget(parent),
    m_tree(new QTreeWidget(this)),
    m_filter(new QLineEdit(this)),
    m_other(new QComboBox(this)),
    m_title(new QLabel(this)),
    m_pane(new PreviewPane(this)),
    m_openReport(new QPushButton(tr("Open &report in the browser"), this)),
    m_openFolder(new QPushButton(tr("Open f&older"), this)),
    m_copyPath(new QPushButton(tr("&Copy path"), this))
{
    setObjectName("pageArtifacts");
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(makeFiles());
    splitter->addWidget(makePreview());
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->addWidget(splitter);

    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ArtifactsPage::openCurrent);
    connect(m_filter, &QLineEdit::textChanged, this, &ArtifactsPage::filter);
    connect(m_other, &QComboBox::currentIndexChanged, this, &ArtifactsPage::reload);
    connect(&m_listing, &QFutureWatcherBase::finished, this, &ArtifactsPage::showListing);
    connect(&m_reading, &QFutureWatcherBase::finished, this, &ArtifactsPage::showPreview);
}

QWidget* ArtifactsPage::makeFiles()
{
    m_tree->setObjectName("artifactTree");
    m_tree->setAccessibleName(tr("Files of the run"));
    m_tree->setHeaderLabels({tr("File"), QString(), tr("Size")});
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setMinimumSectionSize(16);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(2, QHeaderView::ResizeToContents);
    m_filter->setObjectName("artifactFilter");
    m_filter->setAccessibleName(tr("Filter the files"));
    m_filter->setPlaceholderText(tr("Filter the files"));
    m_filter->setClearButtonEnabled(true);
    m_other->setObjectName("artifactOther");
    m_other->setAccessibleName(tr("Run to compare with"));
    m_other->setAccessibleDescription(m_other->accessibleName()); // a choice is called what is chosen
    m_other->addItem(tr("Compare with …"));
    m_other->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_filter, 1);
    bar->addWidget(m_other, 1);
    auto* left = new QWidget(this);
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(8);
    column->addLayout(bar);
    column->addWidget(m_tree, 1);
    return left;
}

QWidget* ArtifactsPage::makePreview()
{
    m_title->setObjectName("artifactTitle");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setText(tr("No files yet. They appear here as soon as a run begins."));
    m_title->setWordWrap(true);
    m_openReport->setObjectName("openReport");
    m_openReport->setToolTip(tr("REPORT.html, written by the program: no scripts, nothing is fetched"));
    m_openFolder->setObjectName("openFolder");
    m_openFolder->setToolTip(tr("Show where the files of the run lie"));
    m_copyPath->setObjectName("copyPathButton");
    m_copyPath->setToolTip(tr("Copy the place of the chosen file"));
    for (auto* button : {m_openReport, m_openFolder, m_copyPath})
        button->setEnabled(false);
    connect(m_openReport, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder + QLatin1String(kReport))); });
    connect(m_openFolder, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder)); });
    connect(m_copyPath, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_folder + u'/' + m_tree->currentItem()->data(0, kPathRole).toString());
    });
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    for (auto* button : {m_copyPath, m_openFolder, m_openReport})
        buttons->addWidget(button);
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_pane, 1);
    column->addLayout(buttons);
    return right;
}

QString ArtifactsPage::before() const
{
    const auto name = m_other->currentData().toString();
    return name.isEmpty() ? QString() : QDir::cleanPath(m_folder + QStringLiteral("/../") + name);
}

void ArtifactsPage::setFolder(const QString& folder)
{
    if (folder != m_folder) {
        m_tree->clear();
        m_pane->show({});
    }
    m_folder = folder;
    reload();
}

void ArtifactsPage::reload()
{
    if (m_folder.isEmpty() || m_listing.isRunning())
        return;
    m_listing.setFuture(QtConcurrent::run([folder = m_folder, other = before()] { return Listing{listArtifacts(folder, other), otherRuns(folder)}; }));
}

void ArtifactsPage::showOthers(const QStringList& others)
{
    const auto chosen = m_other->currentData().toString();
    const QSignalBlocker quiet(m_other);
    while (m_other->count() > 1)
        m_other->removeItem(1);
    for (const auto& other : others)
        m_other->addItem(shownName(other), other);
    m_other->setCurrentIndex(std::max(0, m_other->findData(chosen)));
    m_other->setEnabled(!others.isEmpty());
}

void ArtifactsPage::addItem(const ArtifactEntry& entry, QHash<QString, QTreeWidgetItem*>& folders)
{
    const auto slash = entry.path.lastIndexOf(u'/');
    auto* parent = folders.value(entry.path.left(std::max<qsizetype>(slash, 0)));
    auto* item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(m_tree);
    item->setText(0, shownName(entry.path.mid(slash + 1)));
    item->setText(2, entry.folder ? QString() : sizeText(std::uint64_t(entry.bytes)));
    item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    item->setData(0, entry.folder ? kFolderRole : kPathRole, entry.path);
    if (entry.change != Change::NotCompared) {
        const auto look = lookOfChange(entry.change);
        item->setText(1, look.sign);
        item->setToolTip(1, look.word);
        item->setData(1, Qt::AccessibleTextRole, look.word);
        item->setForeground(1, lookOf(look.colourOf).colour);
    }
    if (entry.folder)
        folders.insert(entry.path, item);
}

void ArtifactsPage::showListing()
{
    const auto* current = m_tree->currentItem();
    const auto selected = current ? current->data(0, kPathRole).toString() : QString();
    const auto open = openFolders();
    const auto listing = m_listing.result();
    showOthers(listing.others);
    QHash<QString, QTreeWidgetItem*> folders;
    {
        const QSignalBlocker quiet(m_tree);
        m_tree->clear();
        for (const auto& entry : listing.entries)
            addItem(entry, folders);
        for (QTreeWidgetItemIterator at(m_tree); *at != nullptr; ++at)
            if (!selected.isEmpty() && (*at)->data(0, kPathRole).toString() == selected)
                m_tree->setCurrentItem(*at);
    }
    for (const auto& folder : open)
        if (auto* item = folders.value(folder))
            item->setExpanded(true);
    filter();
    m_openFolder->setEnabled(!listing.entries.isEmpty());
    m_openReport->setEnabled(std::ranges::any_of(listing.entries, [](const ArtifactEntry& entry) { return entry.path == QLatin1String(kReport).sliced(1); }));
    if (selected.isEmpty())
        m_title->setText(listing.entries.isEmpty() ? tr("No files yet. They appear here as soon as a run begins.") : tr("Select a file to read it."));
    else
        openCurrent(); // it may have changed, or is compared now
}

/// A file stays when its path holds what is typed, a folder when something in it stays.
void ArtifactsPage::filter()
{
    const auto words = m_filter->text();
    QList<QTreeWidgetItem*> shown;
    for (QTreeWidgetItemIterator at(m_tree); *at != nullptr; ++at) {
        auto* item = *at;
        const auto path = item->data(0, kPathRole).toString();
        item->setHidden(!words.isEmpty() && !path.contains(words, Qt::CaseInsensitive));
        if (!words.isEmpty() && !item->isHidden())
            shown << item;
    }
    for (auto* item : shown)
        for (auto* parent = item->parent(); parent != nullptr; parent = parent->parent()) {
            parent->setHidden(false);
            parent->setExpanded(true);
        }
}

QStringList ArtifactsPage::openFolders() const
{
    QStringList open;
    for (QTreeWidgetItemIterator at(m_tree, QTreeWidgetItemIterator::HasChildren); *at != nullptr; ++at)
        if ((*at)->isExpanded())
            open << (*at)->data(0, kFolderRole).toString();
    return open.isEmpty() ? openByItself() : open;
}

void ArtifactsPage::openCurrent()
{
    const auto* item = m_tree->currentItem();
    const auto path = item ? item->data(0, kPathRole).toString() : QString();
    m_copyPath->setEnabled(!path.isEmpty());
    if (path.isEmpty())
        return;
    m_title->setText(shownName(path));
    m_reading.setFuture(QtConcurrent::run(readPreview, m_folder, path, before()));
}

void ArtifactsPage::showPreview()
{
    const auto preview = m_reading.result();
    auto said = shownName(preview.path) + QStringLiteral("   ") + preview.note;
    if (preview.compared) {
        const auto count = countOf(preview.changes);
        said += QStringLiteral("   +%1 −%2").arg(count.added).arg(count.removed);
    }
    m_title->setText(said);
    m_pane->show(preview);
}

} // namespace aap
