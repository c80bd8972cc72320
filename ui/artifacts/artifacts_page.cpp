#include "ui/artifacts/artifacts_page.h"

#include <algorithm>
#include <array>

#include <QFontDatabase>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSplitter>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QtConcurrent>

#include "core/base/files.h"
#include "ui/describe.h"

namespace aap {
namespace {

constexpr int kMostEntries = 20'000;
constexpr std::uintmax_t kMostBytes = 2U << 20U;
constexpr int kLongestLine = 4'000; // longer ones make the text view crawl
const int kPathRole = Qt::UserRole;

QList<ArtifactsPage::Entry> list(const QString& folder)
{
    namespace fs = std::filesystem;
    QList<ArtifactsPage::Entry> entries;
    std::error_code ignored;
    const fs::path root(folder.toStdString());
    // Links are listed but never followed: the walk does not follow them and a link is no regular file.
    for (fs::recursive_directory_iterator at(root, fs::directory_options::skip_permission_denied, ignored), end; at != end; at.increment(ignored)) {
        const auto status = at->symlink_status(ignored);
        if (!fs::is_regular_file(status) && !fs::is_directory(status))
            continue;
        if (fs::is_directory(status) && at->path().filename() == "snapshots.git")
            at.disable_recursion_pending();
        const bool isFolder = fs::is_directory(status);
        entries << ArtifactsPage::Entry{.path = QString::fromStdString(at->path().lexically_relative(root).string()),
                                        .bytes = isFolder ? 0 : qint64(at->file_size(ignored)),
                                        .folder = isFolder};
        if (entries.size() >= kMostEntries)
            break;
    }
    std::ranges::sort(entries, [](const auto& a, const auto& b) { return a.path < b.path; });
    return entries;
}

QString withShortLines(const QString& all)
{
    auto lines = all.split(u'\n');
    for (auto& line : lines)
        if (line.size() > kLongestLine)
            line = line.left(kLongestLine) + u'…';
    return lines.join(u'\n');
}

ArtifactsPage::Preview read(const QString& folder, const QString& path)
{
    const auto bytes = readFile(std::filesystem::path(folder.toStdString()) / path.toStdString(), kMostBytes);
    if (!bytes)
        return {.path = path, .note = describe(bytes.error())};
    if (bytes->find('\0') != std::string::npos)
        return {.path = path, .note = ArtifactsPage::tr("A binary file of %1; there is nothing to read in it.").arg(sizeText(bytes->size()))};
    return {.path = path, .words = withShortLines(text(*bytes)), .note = sizeText(bytes->size())};
}

/// A file name as it is shown: control and direction marks made visible, so that a name cannot lie.
QString shownName(const QString& name)
{
    QString shown;
    for (const auto c : name)
        shown += c.isPrint() && c.category() != QChar::Other_Format ? QString(c) : QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
    return shown;
}

} // namespace

ArtifactsPage::ArtifactsPage(QWidget* parent) :
    QWidget(parent),
    m_tree(new QTreeWidget(this)),
    m_title(new QLabel(this)),
    m_view(new QPlainTextEdit(this))
{
    setObjectName("pageArtifacts");
    m_tree->setObjectName("artifactTree");
    m_tree->setAccessibleName(tr("Files of the run"));
    m_tree->setHeaderLabels({tr("File"), tr("Size")});
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_title->setObjectName("artifactTitle");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setText(tr("No files yet. They appear here as soon as a run begins."));
    m_title->setWordWrap(true);
    m_view->setObjectName("artifactView");
    m_view->setAccessibleName(tr("Preview"));
    m_view->setReadOnly(true);
    m_view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_view->setLineWrapMode(QPlainTextEdit::NoWrap);

    auto* right = new QWidget(this);
    auto* rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(8, 0, 0, 0);
    rightColumn->addWidget(m_title);
    rightColumn->addWidget(m_view, 1);
    auto* splitter = new QSplitter(Qt::Horizontal, this);
    splitter->addWidget(m_tree);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->addWidget(splitter);

    connect(m_tree, &QTreeWidget::currentItemChanged, this, &ArtifactsPage::openCurrent);
    connect(&m_listing, &QFutureWatcherBase::finished, this, &ArtifactsPage::showEntries);
    connect(&m_reading, &QFutureWatcherBase::finished, this, &ArtifactsPage::showPreview);
}

void ArtifactsPage::setFolder(const QString& folder)
{
    if (folder != m_folder) {
        m_tree->clear();
        m_view->clear();
    }
    m_folder = folder;
    reload();
}

void ArtifactsPage::reload()
{
    if (m_folder.isEmpty() || m_listing.isRunning())
        return;
    m_listing.setFuture(QtConcurrent::run(list, m_folder));
}

void ArtifactsPage::showEntries()
{
    const auto* current = m_tree->currentItem();
    const auto selected = current ? current->data(0, kPathRole).toString() : QString();
    const auto entries = m_listing.result();
    QHash<QString, QTreeWidgetItem*> items;
    const QSignalBlocker quiet(m_tree);
    m_tree->clear();
    for (const auto& entry : entries) {
        const auto slash = entry.path.lastIndexOf(u'/');
        auto* parent = items.value(entry.path.left(std::max<qsizetype>(slash, 0)));
        auto* item = parent ? new QTreeWidgetItem(parent) : new QTreeWidgetItem(m_tree);
        item->setText(0, shownName(entry.path.mid(slash + 1)));
        item->setText(1, entry.folder ? QString() : sizeText(std::uint64_t(entry.bytes)));
        item->setTextAlignment(1, Qt::AlignRight);
        item->setData(0, kPathRole, entry.folder ? QString() : entry.path);
        if (entry.folder)
            items.insert(entry.path, item);
        if (!entry.folder && entry.path == selected)
            m_tree->setCurrentItem(item);
    }
    for (const auto* open : {"workspace", "reports"})
        if (auto* item = items.value(QLatin1String(open)))
            item->setExpanded(true);
    if (selected.isEmpty())
        m_title->setText(entries.isEmpty() ? tr("No files yet. They appear here as soon as a run begins.") : tr("Select a file to read it."));
}

void ArtifactsPage::openCurrent()
{
    const auto* item = m_tree->currentItem();
    const auto path = item ? item->data(0, kPathRole).toString() : QString();
    if (path.isEmpty())
        return;
    m_title->setText(shownName(path));
    m_reading.setFuture(QtConcurrent::run(read, m_folder, path));
}

void ArtifactsPage::showPreview()
{
    const auto preview = m_reading.result();
    m_title->setText(shownName(preview.path) + QStringLiteral("   ") + preview.note);
    m_view->setPlainText(preview.words);
}

} // namespace aap
