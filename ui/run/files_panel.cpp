#include "ui/run/files_panel.h"

#include <optional>

#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QtConcurrent>

#include "ui/artifacts/source_colours.h"
#include "ui/describe.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/list_beside.h"
#include "ui/widgets/look.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr std::size_t kMostSnapshotText = 1U << 20U;

} // namespace

Result<std::string> snapshotText(const std::filesystem::path& gitFolder, const std::string& commit, const std::string& path)
{
    std::optional<std::string> found;
    bool isLarge = false;
    auto read = readSnapshot(gitFolder, commit, [&](const SnapshotFile& file, std::string_view content) {
        if (file.path != path)
            return;
        isLarge = content.size() > kMostSnapshotText;
        found = content.substr(0, kMostSnapshotText);
    });
    if (!read)
        return std::move(read).error();
    if (!found)
        return Error{ErrorCode::NotFound, "the snapshot has no file " + path};
    if (isLarge)
        return Error{ErrorCode::Limit, "the file is larger than 1 MiB"};
    if (found->find('\0') != std::string::npos)
        return Error{ErrorCode::Invalid, "the file is no text"};
    return *std::move(found);
}

FilesPanel::FilesPanel(QWidget* parent) :
    QWidget(parent),
    m_list(new QListWidget(this)),
    m_title(plainLabel("momentFile", this)),
    m_text(new QPlainTextEdit(this)),
    m_colours(new SourceColours(m_text->document())),
    m_save(new QPushButton(tr("Sa&ve these files …"), this))
{
    m_list->setObjectName("momentFiles");
    m_list->setAccessibleName(tr("Files of the project at this moment"));
    m_list->setUniformItemSizes(true);
    m_text->setObjectName("momentText");
    m_text->setAccessibleName(tr("The file at this moment"));
    m_text->setReadOnly(true);
    m_text->setFont(fixedFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(m_list, &QListWidget::currentRowChanged, this, &FilesPanel::readCurrent);
    connect(&m_listing, &QFutureWatcherBase::finished, this, &FilesPanel::showList);
    connect(&m_reading, &QFutureWatcherBase::finished, this, &FilesPanel::showContent);
    connect(m_save, &QPushButton::clicked, this, &FilesPanel::chooseFolder);
    layOutBeside(*this, m_list, makeBar(), m_text);
    clear();
}

QLayout* FilesPanel::makeBar()
{
    m_save->setObjectName("momentSave");
    m_save->setToolTip(tr("Write the files of this moment into a new folder"));
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_title, 1);
    bar->addWidget(m_save);
    return bar;
}

void FilesPanel::clear()
{
    m_output.clear();
    m_commit.clear();
    m_listed.clear();
    m_list->clear();
    m_text->clear();
    m_title->setText(tr("No files yet."));
    m_save->setEnabled(false);
}

void FilesPanel::show(const QString& output, const std::string& commit)
{
    m_output = output;
    m_commit = commit;
    if (isVisible())
        load();
}

void FilesPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    load();
}

void FilesPanel::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_colours != nullptr)
        m_colours->rehighlight(); // in the scheme's colours
}

std::filesystem::path FilesPanel::snapshots() const
{
    return m_output.toStdString() + "/snapshots.git";
}

void FilesPanel::load()
{
    if (m_commit.empty() || m_commit == m_listed)
        return;
    m_listed = m_commit;
    m_listing.setFuture(QtConcurrent::run([folder = snapshots(), commit = m_commit] { return filesOfSnapshot(folder, commit); }));
}

/// The file that is read stays in front where the moment has it.
void FilesPanel::showList()
{
    const auto files = m_listing.result();
    const auto* current = m_list->currentItem();
    const auto chosen = current != nullptr ? current->text() : QString();
    {
        const QSignalBlocker quiet(m_list);
        m_list->clear();
        for (const auto& file : files.value_or({})) {
            auto* item = new QListWidgetItem(text(file.path), m_list);
            item->setToolTip(text(file.path).toHtmlEscaped() + QStringLiteral("  ") + sizeText(file.bytes));
            if (item->text() == chosen)
                m_list->setCurrentItem(item);
        }
    }
    m_save->setEnabled(files && !files->empty());
    m_text->clear();
    m_title->setText(!files ? describe(files.error()) : files->empty() ? tr("The project had no files then.") : tr("Select a file to read it as it was."));
    readCurrent();
}

void FilesPanel::readCurrent()
{
    const auto* item = m_list->currentItem();
    if (item == nullptr)
        return;
    m_reading.setFuture(QtConcurrent::run([folder = snapshots(), commit = m_listed, path = item->text()]() -> Result<Content> {
        const auto words = snapshotText(folder, commit, path.toStdString());
        return words ? Result<Content>(Content{path, text(*words)}) : Result<Content>(words.error());
    }));
}

void FilesPanel::showContent()
{
    const auto content = m_reading.result();
    m_colours->setLanguage(nullptr);
    m_text->setPlainText(content ? content->words : QString());
    m_title->setText(content ? content->path : describe(content.error()));
    if (content)
        m_colours->setLanguage(languageOf(content->path));
}

void FilesPanel::chooseFolder()
{
    auto* dialog = new QFileDialog(this, tr("A new folder for the files"));
    dialog->setObjectName("momentSaveDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // what exists is refused
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& target) {
        const auto done = toGui<Result<std::size_t>>(this, [this, target](const auto& count) {
            m_title->setText(count ? tr("%n file(s) written to %1", nullptr, int(*count)).arg(target) : describe(count.error()));
        });
        std::ignore = QtConcurrent::run([folder = snapshots(), commit = m_listed, target, done] { done(restoreSnapshot(folder, commit, target.toStdString())); });
    });
    openSheet(*dialog);
}

} // namespace aap
