#include "ui/artifacts/artifacts_page.h"

#include <algorithm>
#include <array>

#include <QDesktopServices>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTextBrowser>
#include <QTreeWidget>
#include <QTreeWidgetItemIterator>
#include <QUrl>
#include <QVBoxLayout>
#include <QtConcurrent>

#include "core/base/files.h"
#include "ui/describe.h"

namespace aap {
namespace {

constexpr int kMostEntries = 20'000;
constexpr std::uintmax_t kMostBytes = 2U << 20U;
constexpr int kLongestLine = 4'000; // longer ones make the text view crawl
constexpr qsizetype kMostRendered = 256 << 10; // characters; Markdown is laid out on the GUI thread
constexpr const char* kReport = "/REPORT.html";
const int kPathRole = Qt::UserRole;       // of a file
const int kFolderRole = Qt::UserRole + 1; // of a folder

/// Shows text that agents wrote: no link leads anywhere, no image is read or fetched.
class InertBrowser final : public QTextBrowser {
public:
    explicit InertBrowser(QWidget* parent) : QTextBrowser(parent)
    {
        setOpenLinks(false);
        setUndoRedoEnabled(false);
    }
    QVariant loadResource(int /*type*/, const QUrl& /*name*/) override { return {}; }
};

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
        if (fs::is_directory(status) && at->path().filename() == "snapshots.git") { // the program's own book-keeping
            at.disable_recursion_pending();
            continue;
        }
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
    m_view(new QPlainTextEdit(this)),
    m_rendered(new InertBrowser(this)),
    m_previews(new QStackedWidget(this)),
    m_asSource(new QPushButton(tr("Show &source"), this)),
    m_openReport(new QPushButton(tr("Open &report in the browser"), this)),
    m_openFolder(new QPushButton(tr("Open f&older"), this))
{
    setObjectName("pageArtifacts");
    m_tree->setObjectName("artifactTree");
    m_tree->setAccessibleName(tr("Files of the run"));
    m_tree->setHeaderLabels({tr("File"), tr("Size")});
    m_tree->setUniformRowHeights(true);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_tree->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    auto* right = makePreview();
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

QWidget* ArtifactsPage::makePreview()
{
    m_title->setObjectName("artifactTitle");
    m_title->setTextFormat(Qt::PlainText);
    m_title->setText(tr("No files yet. They appear here as soon as a run begins."));
    m_title->setWordWrap(true);
    m_view->setObjectName("artifactView");
    m_view->setAccessibleName(tr("Preview"));
    m_view->setReadOnly(true);
    m_view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_view->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_rendered->setObjectName("artifactRendered");
    m_rendered->setAccessibleName(tr("Preview, rendered"));
    m_previews->addWidget(m_view);
    m_previews->addWidget(m_rendered);
    m_asSource->setObjectName("showSource");
    m_asSource->setCheckable(true);
    m_asSource->hide();
    m_openReport->setObjectName("openReport");
    m_openReport->setToolTip(tr("REPORT.html, written by the program: no scripts, nothing is fetched"));
    m_openReport->setEnabled(false);
    m_openFolder->setObjectName("openFolder");
    m_openFolder->setEnabled(false);
    connect(m_asSource, &QPushButton::toggled, this, &ArtifactsPage::showWords);
    connect(m_openReport, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder + QLatin1String(kReport))); });
    connect(m_openFolder, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder)); });

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_asSource);
    buttons->addStretch(1);
    buttons->addWidget(m_openFolder);
    buttons->addWidget(m_openReport);
    auto* right = new QWidget(this);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_title);
    column->addWidget(m_previews, 1);
    column->addLayout(buttons);
    return right;
}

void ArtifactsPage::setFolder(const QString& folder)
{
    if (folder != m_folder) {
        m_tree->clear();
        m_preview = {};
        showWords();
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
    const auto open = openFolders();
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
        item->setData(0, entry.folder ? kFolderRole : kPathRole, entry.path);
        if (entry.folder)
            items.insert(entry.path, item);
        if (!entry.folder && entry.path == selected)
            m_tree->setCurrentItem(item);
    }
    for (const auto& folder : open)
        if (auto* item = items.value(folder))
            item->setExpanded(true);
    m_openFolder->setEnabled(!entries.isEmpty());
    m_openReport->setEnabled(std::ranges::any_of(entries, [](const Entry& entry) { return entry.path == QLatin1String(kReport).sliced(1); }));
    if (selected.isEmpty())
        m_title->setText(entries.isEmpty() ? tr("No files yet. They appear here as soon as a run begins.") : tr("Select a file to read it."));
}

QStringList ArtifactsPage::openFolders() const
{
    QStringList open;
    for (QTreeWidgetItemIterator at(m_tree, QTreeWidgetItemIterator::HasChildren); *at != nullptr; ++at)
        if ((*at)->isExpanded())
            open << (*at)->data(0, kFolderRole).toString();
    return open.isEmpty() ? QStringList{QStringLiteral("workspace"), QStringLiteral("reports")} : open;
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
    m_preview = m_reading.result();
    m_title->setText(shownName(m_preview.path) + QStringLiteral("   ") + m_preview.note);
    showWords();
}

void ArtifactsPage::showWords()
{
    const bool canRender = m_preview.path.endsWith(QStringLiteral(".md")) && m_preview.words.size() <= kMostRendered;
    m_asSource->setVisible(canRender);
    if (canRender && !m_asSource->isChecked()) {
        auto* document = new QTextDocument(m_rendered); // a fresh one: refilling the shown one takes many times as long
        document->setDefaultFont(m_rendered->font());
        document->setMarkdown(m_preview.words, QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) | QTextDocument::MarkdownNoHTML);
        m_rendered->setDocument(document); // deletes the view's own first one, never ours
        if (m_markdown)
            m_markdown->deleteLater();
        m_markdown = document;
        m_previews->setCurrentWidget(m_rendered);
        return;
    }
    m_view->setPlainText(m_preview.words);
    m_previews->setCurrentWidget(m_view);
}

} // namespace aap
