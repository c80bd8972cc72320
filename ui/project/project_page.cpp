#include "ui/project/project_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/project/project.h"
#include "ui/widgets/look.h"

namespace aap {

ProjectPage::ProjectPage(Project& project, QWidget* parent) :
    QWidget(parent),
    m_project(project),
    m_name(new QLabel(this)),
    m_editor(new QPlainTextEdit(this)),
    m_repository(new QLineEdit(this)),
    m_figures(new QLabel(this)),
    m_start(new QPushButton(tr("&Start run"), this))
{
    setObjectName("pageProject");
    auto* hint = new QLabel(tr("Say what the project shall do, one requirement a line. Five agents design, write, test, deploy and monitor it; "
                               "the program checks every result itself."),
                            this);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_editor->setObjectName("requirementsEditor");
    m_editor->setAccessibleName(tr("Requirements"));
    m_editor->setPlaceholderText(tr("# Todo service\n- Users must register and sign in\n- Each user must see only their own todos\n- The service should answer /health"));
    m_editor->setTabChangesFocus(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(makeHeading());
    column->addWidget(hint);
    column->addWidget(m_editor, 1);
    column->addLayout(makeBeginning());
    column->addLayout(makeButtons());
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        m_project.setRequirements(m_editor->toPlainText());
        count();
    });
    connect(&m_project, &Project::opened, this, &ProjectPage::showProject);
    showProject();
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

QLayout* ProjectPage::makeBeginning()
{
    auto* label = new QLabel(tr("Start &from"), this);
    label->setBuddy(m_repository);
    m_repository->setObjectName("repository");
    m_repository->setAccessibleName(tr("Repository to start from"));
    m_repository->setPlaceholderText(tr("nothing, or the address or folder of a git repository"));
    connect(m_repository, &QLineEdit::textEdited, this, [this](const QString& place) { m_project.setRepository(place.trimmed()); });
    auto* row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(label);
    row->addWidget(m_repository, 1);
    return row;
}

QLayout* ProjectPage::makeButtons()
{
    m_figures->setObjectName("requirementsFigures");
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
    row->addWidget(m_figures, 1);
    row->addWidget(demo);
    row->addWidget(m_start);
    return row;
}

void ProjectPage::showProject()
{
    m_name->setText(m_project.name());
    m_repository->setText(m_project.repository());
    m_editor->setPlainText(m_project.requirements());
    count();
}

void ProjectPage::count()
{
    const auto words = m_project.requirements().split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts).size();
    m_figures->setText(words == 0 ? tr("Nothing written yet") : words == 1 ? tr("1 word") : tr("%1 words").arg(words));
    m_start->setEnabled(words > 0);
}

} // namespace aap
