#include "ui/project/project_page.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSaveFile>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {

ProjectPage::ProjectPage(const QString& draftFile, QWidget* parent) :
    QWidget(parent),
    m_draftFile(draftFile),
    m_editor(new QPlainTextEdit(this)),
    m_figures(new QLabel(this)),
    m_start(new QPushButton(tr("&Start run"), this)),
    m_stop(new QPushButton(tr("S&top"), this)),
    m_demo(new QPushButton(tr("Try the &demo"), this)),
    m_autosave(new QTimer(this))
{
    setObjectName("pageProject");
    auto* heading = new QLabel(tr("Requirements"), this);
    heading->setFont(headingFont(heading->font()));
    heading->setBuddy(m_editor);

    auto* hint = new QLabel(tr("Say what the project shall do, one requirement a line. Five agents design, write, test, deploy and monitor it; "
                               "the program checks every result itself."),
                            this);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);

    m_editor->setObjectName("requirementsEditor");
    m_editor->setAccessibleName(tr("Requirements"));
    m_editor->setPlaceholderText(tr("# Todo service\n- Users must register and sign in\n- Each user must see only their own todos\n- The service should answer /health"));
    m_editor->setTabChangesFocus(true);

    m_figures->setObjectName("requirementsFigures");
    m_figures->setForegroundRole(QPalette::PlaceholderText);
    m_start->setObjectName("startButton");
    m_start->setToolTip(tr("Start run (Ctrl+Return)"));
    m_start->setDefault(true);
    m_stop->setObjectName("stopButton");
    m_demo->setObjectName("demoButton");
    m_demo->setToolTip(tr("A recorded run: no key is needed and nothing is spent"));

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_figures, 1);
    buttons->addWidget(m_demo);
    buttons->addWidget(m_stop);
    buttons->addWidget(m_start);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(heading);
    column->addWidget(hint);
    column->addWidget(m_editor, 1);
    column->addLayout(buttons);

    m_autosave->setSingleShot(true);
    m_autosave->setInterval(1000);
    connect(m_autosave, &QTimer::timeout, this, &ProjectPage::save);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        m_autosave->start();
        count();
        emit changed();
    });
    connect(m_start, &QPushButton::clicked, this, &ProjectPage::startAsked);
    connect(m_stop, &QPushButton::clicked, this, &ProjectPage::stopAsked);
    connect(m_demo, &QPushButton::clicked, this, &ProjectPage::demoAsked);
    load();
    setRunning(false);
    count();
}

QString ProjectPage::requirements() const
{
    return m_editor->toPlainText();
}

void ProjectPage::setRequirements(const QString& text)
{
    m_editor->setPlainText(text);
}

void ProjectPage::setRunning(bool running)
{
    m_stop->setEnabled(running);
    m_demo->setEnabled(!running);
    m_start->setEnabled(!running && !requirements().trimmed().isEmpty());
}

void ProjectPage::count()
{
    const auto words = requirements().split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts).size();
    m_figures->setText(words == 0 ? tr("Nothing written yet") : words == 1 ? tr("1 word") : tr("%1 words").arg(words));
    m_start->setEnabled(!m_stop->isEnabled() && words > 0);
}

void ProjectPage::load()
{
    QFile file(m_draftFile);
    if (file.open(QIODevice::ReadOnly))
        m_editor->setPlainText(QString::fromUtf8(file.read(8 << 20)));
    m_autosave->stop(); // nothing has changed yet
}

void ProjectPage::save()
{
    m_autosave->stop();
    QDir().mkpath(QFileInfo(m_draftFile).path());
    QSaveFile file(m_draftFile);
    const auto bytes = requirements().toUtf8();
    const bool written = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    emit saved(written, written ? QString() : file.errorString());
}

} // namespace aap
