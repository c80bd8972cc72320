#include "ui/project/new_project.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "ui/describe.h"
#include "ui/project/project.h"
#include "ui/widgets/look.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr int kFieldsWidth = 360;

} // namespace

NewProject::NewProject(Project& project, const QString& folder, QWidget* parent) :
    QDialog(parent),
    m_project(project),
    m_name(new QLineEdit(this)),
    m_folder(new QLineEdit(QDir::toNativeSeparators(folder), this)),
    m_template(new QComboBox(this)),
    m_problem(new QLabel(this)),
    m_create(new QPushButton(tr("&Create project"), this))
{
    setObjectName("newProjectSheet");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("New project"));
    m_name->setObjectName("newName");
    m_name->setAccessibleName(tr("Name of the project"));
    m_name->setPlaceholderText(tr("photo-sorter"));
    m_folder->setObjectName("newFolder");
    m_folder->setAccessibleName(tr("Folder of the project file"));
    m_template->setObjectName("newTemplate");
    m_template->setAccessibleName(tr("What the project is like"));
    for (const auto& known : templates())
        m_template->addItem(known.name);
    m_problem->setObjectName("newProblem");
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto alarmed = palette();
    alarmed.setColor(QPalette::WindowText, lookOf(CheckStatus::Failed).colour);
    m_problem->setPalette(alarmed);
    m_problem->setFixedHeight(3 * fontMetrics().lineSpacing()); // there from the beginning, so that nothing jumps
    m_problem->setAlignment(Qt::AlignTop);
    m_create->setObjectName("createProject");
    m_create->setDefault(true);
    m_create->setEnabled(false);
    auto* choose = new QPushButton(tr("C&hoose …"), this);
    choose->setAutoDefault(false);
    auto* folderLabel = new QLabel(tr("&Folder"), this);
    folderLabel->setBuddy(m_folder); // which a form does not do for a row of two
    auto* place = new QHBoxLayout;
    place->setSpacing(8);
    place->addWidget(m_folder, 1);
    place->addWidget(choose);
    m_folder->setMinimumWidth(kFieldsWidth);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(16, 16, 16, 16);
    form->setVerticalSpacing(12);
    form->addRow(tr("&Name"), m_name);
    form->addRow(folderLabel, place);
    form->addRow(tr("&Begin with"), m_template);
    form->addRow(m_problem);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(m_create);
    form->addRow(buttons);
    connect(m_name, &QLineEdit::textChanged, this, [this] { m_create->setEnabled(!m_name->text().trimmed().isEmpty()); });
    connect(choose, &QPushButton::clicked, this, &NewProject::chooseFolder);
    connect(m_create, &QPushButton::clicked, this, &NewProject::create);
}

QList<NewProject::Template> NewProject::templates()
{
    return {{tr("Empty"), {}},
            {tr("Web service"), tr("# A web service\n\n- The service must …\n- It must answer GET /health with 200 when it works\n- It must keep its data in SQLite\n- Wrong input must be answered with 400 and a reason\n")},
            {tr("Command-line tool"), tr("# A command-line tool\n\n- The tool must …\n- It must explain itself with --help\n- It must end with exit code 0 on success and another one on failure\n- Messages for people must go to standard error\n")},
            {tr("Library"), tr("# A library\n\n- The library must offer …\n- Every public function must be documented with an example\n- It must have no dependency but the standard library\n")}};
}

void NewProject::chooseFolder()
{
    auto* dialog = new QFileDialog(this, tr("Folder of the project"), m_folder->text());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
    openSheet(*dialog);
}

QString NewProject::file() const
{
    auto name = m_name->text().trimmed();
    name.replace(u'/', u'-');
    return QDir(m_folder->text().trimmed()).absoluteFilePath(name + QStringLiteral(".agentpipeline"));
}

void NewProject::create()
{
    const auto made = m_project.create(file(), templates().at(m_template->currentIndex()).requirements);
    if (made)
        return accept();
    m_problem->setText(describe(made.error()));
}

} // namespace aap
