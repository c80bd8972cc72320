#include "ui/shell/help_desk.h"

#include <QAction>
#include <QDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/shell/action_palette.h"
#include "ui/shell/window_actions.h"
#include "ui/widgets/look.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

struct Topic {
    QString title;
    QString words;
};

QList<Topic> topics()
{
    const auto said = [](const char* title, const char* words) { return Topic{HelpDesk::tr(title), HelpDesk::tr(words)}; };
    return {
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Welcome"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Try the demo first: a recorded run that needs no key and costs nothing. With a Docker engine its tools run for real, in a sandbox; without one it is played back.\n\nOn the right stands whether a run of your own could start.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Project"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Write what your project shall do, a line for each requirement. \"Must\" makes a requirement binding, \"should\" a wish, and a question is asked before anything is built.\n\nName a repository to start from one. Everything is saved a second after you stop typing.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Pipeline"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Five stages in a fixed order. Choose which of them run, their models, turns and budgets, and before which you are asked.\n\nA stage is done when the program's own checks have passed. What a model says of itself does not count.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Run"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Every run has a tab. The cards show where it stands; the transcript what agents say and do; the log what the sandbox printed.\n\nWhile it goes you can pause it, say something to its agent, raise a limit, skip a stage or send one back. At a gate you approve, or say what shall change. A run that has stopped can be resumed: what was paid for is not paid again.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Artifacts"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Every file of the run in front: coloured source, rendered Markdown, pictures, JSON, logs. \"Compare with\" marks what another run had.\n\nFiles are the work of agents: nothing in them is executed, followed or fetched.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "History"), QT_TRANSLATE_NOOP("aap::HelpDesk", "All runs. Filter them by words such as result:failed, model:opus, cost:>2 or last week. Open one as it went, resume it, run it again from a stage, compare two, export the results.\n\nWhat goes to the trash can be undone for ten seconds; its files stay in the trash of the desktop.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Settings"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Each setting shows where its value came from: the command line, the environment, a file or the default. Changes hold from the next run on.\n\nThe key is kept in the keychain or for this session only. It is sent to the provider and to nobody else.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Doctor"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Looks whether everything is there that a run needs, and says how to mend what is not. Commands that need an administrator are shown, never run.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Money"), QT_TRANSLATE_NOOP("aap::HelpDesk", "What a run has cost stands in the status bar. At 80 % of its budget you are told, and at the whole of it the run ends in order: everything made so far is kept, and it can go on with a larger budget.")),
        said(QT_TRANSLATE_NOOP("aap::HelpDesk", "Safety"), QT_TRANSLATE_NOOP("aap::HelpDesk", "Agents work in sandboxes without network, in a copy of your project. Your own files, the key and the engine are out of their reach. What they deploy is shown and asked about first.")),
    };
}

QDialog* sheetOf(const char* name, const QString& title, QWidget* window)
{
    auto* sheet = new QDialog(window);
    sheet->setObjectName(name);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->setWindowTitle(title);
    auto* column = new QVBoxLayout(sheet);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    return sheet;
}

QPushButton* closing(QDialog& sheet)
{
    auto* close = new QPushButton(HelpDesk::tr("&Close"), &sheet);
    QObject::connect(close, &QPushButton::clicked, &sheet, &QDialog::accept);
    return close;
}

QWidget* pageOf(const Topic& topic, QWidget* parent)
{
    auto* page = new QWidget(parent);
    auto* title = new QLabel(topic.title, page);
    title->setFont(headingFont(title->font()));
    auto* words = new QLabel(topic.words, page);
    words->setTextFormat(Qt::PlainText);
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(title);
    column->addWidget(words);
    column->addStretch(1);
    return page;
}

QTreeWidget* keyList(const QList<QAction*>& actions, QWidget* parent)
{
    auto* list = new QTreeWidget(parent);
    list->setObjectName("keyList");
    list->setAccessibleName(HelpDesk::tr("Keys"));
    list->setHeaderLabels({HelpDesk::tr("Action"), HelpDesk::tr("Keys"), HelpDesk::tr("What it does")});
    list->setRootIsDecorated(false);
    list->setAlternatingRowColors(true);
    for (const auto* action : actions) {
        QStringList keys;
        for (const auto& key : action->shortcuts())
            keys << key.toString(QKeySequence::NativeText);
        if (keys.isEmpty())
            continue;
        auto* row = new QTreeWidgetItem(list, {QString(action->text()).remove(u'&'), keys.join(QStringLiteral(", ")), action->statusTip()});
        row->setToolTip(2, action->statusTip());
    }
    list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list->header()->setStretchLastSection(true);
    return list;
}

} // namespace

HelpDesk::HelpDesk(WindowActions& actions, QWidget* window) :
    QObject(window),
    m_actions(actions),
    m_window(window)
{
    m_actions.on("shortcuts", this, &HelpDesk::showKeys);
    m_actions.on("palette", this, &HelpDesk::showPalette);
    m_actions.on("about", this, &HelpDesk::showAbout);
}

void HelpDesk::explain(int topic)
{
    if (m_window->findChild<QDialog*>(QStringLiteral("helpSheet")))
        return;
    auto* sheet = sheetOf("helpSheet", tr("Help"), m_window);
    auto* list = new QListWidget(sheet);
    list->setObjectName("helpTopics");
    list->setAccessibleName(tr("Topics"));
    list->setFixedWidth(140);
    auto* pages = new QStackedWidget(sheet);
    pages->setObjectName("helpPages");
    for (const auto& one : topics()) {
        list->addItem(one.title);
        pages->addWidget(pageOf(one, pages));
    }
    connect(list, &QListWidget::currentRowChanged, pages, &QStackedWidget::setCurrentIndex);
    auto* keys = new QPushButton(tr("&Keyboard shortcuts"), sheet);
    keys->setObjectName("helpKeys");
    keys->setAutoDefault(false);
    connect(keys, &QPushButton::clicked, this, [this, sheet] {
        sheet->accept();
        showKeys();
    });
    auto* middle = new QHBoxLayout;
    middle->addWidget(list);
    middle->addWidget(pages, 1);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(keys);
    buttons->addStretch(1);
    buttons->addWidget(closing(*sheet));
    auto* column = qobject_cast<QVBoxLayout*>(sheet->layout());
    column->addLayout(middle, 1);
    column->addLayout(buttons);
    list->setCurrentRow(topic);
    sheet->resize(640, 420);
    openSheet(*sheet);
}

void HelpDesk::showKeys()
{
    if (m_window->findChild<QDialog*>(QStringLiteral("keysSheet")))
        return;
    auto* sheet = sheetOf("keysSheet", tr("Keyboard shortcuts"), m_window);
    auto* filter = new QLineEdit(sheet);
    filter->setObjectName("keysFilter");
    filter->setAccessibleName(tr("Filter the keys"));
    filter->setPlaceholderText(tr("Filter the keys"));
    filter->setClearButtonEnabled(true);
    auto* list = keyList(m_actions.all(), sheet);
    connect(filter, &QLineEdit::textChanged, list, [list](const QString& words) {
        for (int row = 0; row < list->topLevelItemCount(); ++row) {
            auto* item = list->topLevelItem(row);
            const auto all = item->text(0) + u' ' + item->text(1) + u' ' + item->text(2);
            item->setHidden(!all.contains(words, Qt::CaseInsensitive));
        }
    });
    auto* column = qobject_cast<QVBoxLayout*>(sheet->layout());
    column->addWidget(filter);
    column->addWidget(list, 1);
    column->addWidget(closing(*sheet), 0, Qt::AlignRight);
    sheet->resize(760, 520);
    openSheet(*sheet);
}

void HelpDesk::showPalette()
{
    if (m_window->findChild<ActionPalette*>() == nullptr)
        openSheet(*new ActionPalette(m_actions.all(), m_window)); // deletes itself
}

void HelpDesk::showAbout()
{
    auto* box = new Question(tr("About Agent Pipeline"),
                             tr("Agent Pipeline %1\nFive agents turn requirements into a verified project.\nApache License 2.0").arg(QStringLiteral(AAP_VERSION)), m_window);
    box->setObjectName("aboutBox");
    box->offer("closeAbout", tr("&Close"), [] {});
    box->ask();
}

} // namespace aap
