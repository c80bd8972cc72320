#include "ui/project/project_page.h"

#include <QDragEnterEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QTextBlock>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/project/attachments_panel.h"
#include "ui/project/disk_comparison.h"
#include "ui/project/project.h"
#include "ui/project/requirement_items.h"
#include "ui/project/sending_panel.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/look.h"
#include "ui/widgets/notice_bar.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr int kReadingDelay = 250; // ms after the last key
constexpr qsizetype kMostRenderedWords = 256 << 10; // characters
constexpr int kCompanyWidth = 320;

enum ProjectTab { EditTab, PreviewTab, ItemsTab };

/// Files that are dropped on it are no text.
class RequirementsEditor final : public QPlainTextEdit {
public:
    using QPlainTextEdit::QPlainTextEdit;

protected:
    bool canInsertFromMimeData(const QMimeData* source) const override { return !source->hasUrls() && QPlainTextEdit::canInsertFromMimeData(source); }
};

QStringList localFiles(const QMimeData& data)
{
    QStringList files;
    for (const auto& url : data.urls())
        if (url.isLocalFile())
            files << url.toLocalFile();
    return files;
}

} // namespace

ProjectPage::ProjectPage(Project& project, Workbench& workbench, QWidget* parent) :
    QWidget(parent),
    m_project(project),
    m_disk(new NoticeBar(QStringLiteral("diskBar"), this)),
    m_name(new QLabel(this)),
    m_tabs(new QTabBar(this)),
    m_views(new QStackedWidget(this)),
    m_editor(new RequirementsEditor(this)),
    m_preview(new InertBrowser(this)),
    m_items(new RequirementItems(this)),
    m_repository(new QLineEdit(this)),
    m_figures(plainLabel("requirementsFigures", this)),
    m_start(new QPushButton(tr("&Start run"), this)),
    m_attachments(new AttachmentsPanel(project, this)),
    m_sending(new SendingPanel(project, workbench, this))
{
    setObjectName("pageProject");
    setAcceptDrops(true);
    m_rereading.setSingleShot(true);
    m_rereading.setInterval(kReadingDelay);
    makeDiskBar();
    auto* row = new QHBoxLayout;
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(16);
    row->addWidget(makeWriting(), 1);
    row->addWidget(makeCompany());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_disk);
    column->addLayout(row, 1);
    connect(&m_rereading, &QTimer::timeout, this, &ProjectPage::readItems);
    connect(m_items, &RequirementItems::lineChosen, this, &ProjectPage::goToLine);
    connect(m_attachments, &AttachmentsPanel::measured, this, [this] { m_sending->setFileBytes(m_attachments->textBytes()); });
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        m_project.setRequirements(m_editor->toPlainText());
        count();
    });
    connect(&m_project, &Project::opened, this, &ProjectPage::showProject);
    connect(&m_project, &Project::diskDiffers, this, &ProjectPage::showDisk);
    showProject();
}

ProjectPage::~ProjectPage()
{
    m_readers.clear();
    m_readers.waitForDone();
}

QWidget* ProjectPage::makeWriting()
{
    m_editor->setObjectName("requirementsEditor");
    m_editor->setAccessibleName(tr("Requirements"));
    m_editor->setPlaceholderText(tr("# Todo service\n- Users must register and sign in\n- Each user must see only their own todos\n- The service should answer /health"));
    m_editor->setTabChangesFocus(true);
    m_preview->setObjectName("requirementsPreview");
    m_preview->setAccessibleName(tr("Requirements, rendered"));
    for (auto* view : std::initializer_list<QWidget*>{m_editor, m_preview, m_items})
        m_views->addWidget(view);
    auto* hint = plainLabel("requirementsHint", this);
    hint->setText(tr("Say what the project shall do, one requirement a line. Five agents design, write, test, deploy and monitor it; "
                     "the program checks every result itself."));
    hint->setForegroundRole(QPalette::PlaceholderText);
    auto* writing = new QWidget(this);
    auto* column = new QVBoxLayout(writing);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(makeHeading());
    column->addWidget(hint);
    column->addLayout(makeTabs());
    column->addWidget(m_views, 1);
    column->addWidget(m_figures);
    column->addLayout(makeBeginning());
    return writing;
}

QWidget* ProjectPage::makeCompany()
{
    auto* company = new QWidget(this);
    company->setFixedWidth(kCompanyWidth);
    auto* column = new QVBoxLayout(company);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(16);
    column->addWidget(m_attachments, 1);
    column->addWidget(m_sending);
    column->addLayout(makeButtons());
    return company;
}

QLayout* ProjectPage::makeHeading()
{
    auto* heading = new QLabel(tr("Requirements"), this);
    heading->setFont(headingFont(heading->font()));
    heading->setBuddy(m_editor);
    m_name->setObjectName("projectName");
    m_name->setTextFormat(Qt::PlainText);
    m_name->setForegroundRole(QPalette::PlaceholderText);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(heading);
    row->addWidget(m_name, 1, Qt::AlignBottom);
    return row;
}

QLayout* ProjectPage::makeTabs()
{
    m_tabs->setObjectName("requirementsTabs");
    m_tabs->setAccessibleName(tr("How the requirements are shown"));
    m_tabs->setDrawBase(false);
    for (const auto& label : {tr("Edit"), tr("Preview"), tr("Items")})
        m_tabs->addTab(label);
    m_tabs->setTabToolTip(ItemsTab, tr("The requirements as a run will read them"));
    connect(m_tabs, &QTabBar::currentChanged, this, &ProjectPage::showTab);
    auto* row = new QHBoxLayout;
    row->addWidget(m_tabs);
    row->addStretch(1);
    return row;
}

QLayout* ProjectPage::makeBeginning()
{
    auto* label = new QLabel(tr("Start &from"), this);
    label->setBuddy(m_repository);
    m_repository->setObjectName("repository");
    m_repository->setAccessibleName(tr("Repository to start from"));
    m_repository->setPlaceholderText(tr("nothing, or the address or folder of a git repository"));
    connect(m_repository, &QLineEdit::textEdited, this, [this](const QString& place) {
        m_project.setRepository(place.trimmed());
        m_rereading.start();
    });
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_repository, 1);
    return row;
}

QLayout* ProjectPage::makeButtons()
{
    m_figures->setForegroundRole(QPalette::PlaceholderText);
    m_start->setObjectName("startButton");
    m_start->setToolTip(tr("Start run (Ctrl+Return)"));
    m_start->setDefault(true);
    connect(m_start, &QPushButton::clicked, this, &ProjectPage::startAsked);
    auto* demo = new QPushButton(tr("Try the &demo"), this);
    demo->setObjectName("demoButton");
    demo->setToolTip(tr("A recorded run: no key is needed and nothing is spent"));
    connect(demo, &QPushButton::clicked, this, &ProjectPage::demoAsked);
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch(1);
    row->addWidget(demo);
    row->addWidget(m_start);
    return row;
}

void ProjectPage::makeDiskBar()
{
    connect(m_disk->offer(QStringLiteral("diskReload"), tr("Re&load")), &QPushButton::clicked, this, &ProjectPage::takeFromDisk);
    connect(m_disk->offer(QStringLiteral("diskKeep"), tr("&Keep mine")), &QPushButton::clicked, &m_project, &Project::keepMine);
    connect(m_disk->offer(QStringLiteral("diskCompare"), tr("&Compare")), &QPushButton::clicked, this, &ProjectPage::compareWithDisk);
}

void ProjectPage::showProject()
{
    m_name->setText(m_project.name());
    m_repository->setText(m_project.repository());
    m_editor->setPlainText(m_project.requirements());
    count();
    showTab();
}

void ProjectPage::showTab()
{
    const auto tab = m_tabs->currentIndex();
    if (tab == PreviewTab)
        m_preview->showMarkdown(m_project.requirements().left(kMostRenderedWords));
    if (tab == ItemsTab)
        readItems();
    m_views->setCurrentIndex(tab);
}

void ProjectPage::goToLine(int line)
{
    m_tabs->setCurrentIndex(EditTab);
    QTextCursor cursor(m_editor->document()->findBlockByNumber(line - 1));
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    m_editor->setTextCursor(cursor);
    m_editor->centerCursor();
    m_editor->setFocus(Qt::OtherFocusReason);
}

void ProjectPage::count()
{
    const auto isEmpty = m_project.requirements().trimmed().isEmpty();
    if (isEmpty)
        m_figures->setText(tr("Nothing written yet"));
    m_start->setEnabled(!isEmpty);
    m_rereading.start();
}

void ProjectPage::readItems()
{
    m_readers.start([words = m_project.requirements().toStdString(), hasRepository = !m_project.repository().isEmpty(),
                     done = toGui<Result<Intake>>(this, [this, reading = ++m_reading](const auto& intake) {
                         if (reading == m_reading)
                             showItems(intake);
                     })] { done(guarded([&] { return takeIn(words, {.repositoryGiven = hasRepository}); })); });
}

void ProjectPage::showItems(const Result<Intake>& intake)
{
    m_items->show(intake);
    if (!m_project.requirements().trimmed().isEmpty())
        m_figures->setText(itemsInShort(intake));
}

void ProjectPage::attach()
{
    m_attachments->choose();
}

void ProjectPage::refreshForecast()
{
    m_sending->refresh();
}

void ProjectPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (!localFiles(*event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void ProjectPage::dropEvent(QDropEvent* event)
{
    m_project.attach(localFiles(*event->mimeData()));
    event->acceptProposedAction();
}

void ProjectPage::showDisk(bool differs)
{
    if (differs)
        m_disk->say(tr("Another program changed this project on disk. What you write here is not saved until you decide."));
    else
        m_disk->hide();
}

void ProjectPage::takeFromDisk()
{
    if (const auto taken = m_project.takeFromDisk(); !taken)
        emit failed(taken.error());
}

void ProjectPage::compareWithDisk()
{
    const auto [disk, mine] = m_project.diskAndMine();
    auto* sheet = new DiskComparison(disk, mine, this);
    connect(sheet, &DiskComparison::reloadAsked, this, &ProjectPage::takeFromDisk);
    connect(sheet, &DiskComparison::keepAsked, &m_project, &Project::keepMine);
    openSheet(*sheet);
}

} // namespace aap
