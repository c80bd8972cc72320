#include "ui/shell/window_actions.h"

#include <QActionGroup>
#include <QApplication>
#include <QMainWindow>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QToolBar>

namespace aap {
namespace {

/// Cut, copy and the like go to whatever has the focus or holds it, and knows how.
void tellFocus(const char* slot)
{
    const QByteArray signature = QByteArray(slot) + "()";
    for (auto* widget = QApplication::focusWidget(); widget != nullptr; widget = widget->parentWidget()) {
        const auto* editor = qobject_cast<const QPlainTextEdit*>(widget);
        const bool leavesUndo = editor != nullptr && !editor->isUndoRedoEnabled() && (signature == "undo()" || signature == "redo()");
        if (!leavesUndo && widget->metaObject()->indexOfMethod(signature) >= 0) {
            QMetaObject::invokeMethod(widget, slot);
            return;
        }
    }
}

} // namespace

WindowActions::WindowActions(QMainWindow& window) :
    QObject(&window)
{
    makeFileMenu(window);
    makeEditMenu(window);
    makeViewMenu(window);
    makeRunMenu(window);
    makeHelpMenu(window);
    makeToolBar(window);
}

QAction* WindowActions::operator[](const char* name) const
{
    auto* action = m_actions.value(name);
    Q_ASSERT(action != nullptr);
    return action;
}

QAction* WindowActions::add(QMenu* menu, const char* name, const QString& label, const QKeySequence& keys, const QString& tip)
{
    auto* action = new QAction(label, this);
    action->setObjectName(name);
    action->setShortcut(keys);
    action->setToolTip(keys.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, keys.toString(QKeySequence::NativeText)));
    action->setStatusTip(tip);
    menu->addAction(action);
    m_actions.insert(name, action);
    m_all << action;
    return action;
}

void WindowActions::makeFileMenu(QMainWindow& window)
{
    auto* file = window.menuBar()->addMenu(tr("&File"));
    add(file, "newProject", tr("&New project …"), QKeySequence(Qt::CTRL | Qt::Key_N), tr("Begin a project in a file of its own"));
    add(file, "open", tr("&Open …"), QKeySequence(Qt::CTRL | Qt::Key_O), tr("Open a project file"));
    file->addSeparator();
    add(file, "save", tr("&Save now"), QKeySequence(Qt::CTRL | Qt::Key_S), tr("Write the project to disk now; it happens by itself a second after the last change"));
    add(file, "saveCopy", tr("Save a cop&y …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S), tr("Write the project to another file as well"));
    file->addSeparator();
    add(file, "export", tr("&Export …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E), tr("Write the results of the run chosen in the history into a ZIP file or a signed bundle"));
    add(file, "import", tr("&Import run …"), {}, tr("Take a run that somebody handed on as a bundle into the history, to be read"));
    add(file, "verify", tr("&Verify export …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_V), tr("Look whether a bundle is as it was signed, and by which key"));
    file->addSeparator();
    add(file, "settings", tr("Se&ttings"), QKeySequence(Qt::CTRL | Qt::Key_Comma), tr("Everything that can be set, and where its value came from"));
    file->addSeparator();
    add(file, "closeTab", tr("&Close tab"), QKeySequence(Qt::CTRL | Qt::Key_W), tr("Close the run that is shown; a run at work goes on"));
    add(file, "quit", tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q), tr("Close the window"));
}

void WindowActions::makeEditMenu(QMainWindow& window)
{
    auto* edit = window.menuBar()->addMenu(tr("&Edit"));
    struct {
        const char* name;
        QString label;
        QKeySequence keys;
        QString tip;
        const char* slot;
    } const entries[] = {{"undo", tr("&Undo"), QKeySequence(Qt::CTRL | Qt::Key_Z), tr("Take back the last change"), "undo"},
                         {"redo", tr("&Redo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), tr("Do again what was taken back"), "redo"},
                         {"cut", tr("Cu&t"), QKeySequence(Qt::CTRL | Qt::Key_X), tr("Move what is selected to the clipboard"), "cut"},
                         {"copy", tr("&Copy"), QKeySequence(Qt::CTRL | Qt::Key_C), tr("Copy what is selected to the clipboard"), "copy"},
                         {"paste", tr("&Paste"), QKeySequence(Qt::CTRL | Qt::Key_V), tr("Insert what the clipboard holds"), "paste"},
                         {"selectAll", tr("Select &all"), QKeySequence(Qt::CTRL | Qt::Key_A), tr("Select everything in this place"), "selectAll"}};
    for (const auto& [name, label, keys, tip, slot] : entries)
        connect(add(edit, name, label, keys, tip), &QAction::triggered, this, [slot = slot] { tellFocus(slot); });
    edit->addSeparator();
    add(edit, "attach", tr("Attac&h files …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_I), tr("Add files that the agents shall have to the project"));
    add(edit, "find", tr("&Find"), QKeySequence(Qt::CTRL | Qt::Key_F), tr("Look for something on this page"));
}

void WindowActions::makeViewMenu(QMainWindow& window)
{
    auto* view = window.menuBar()->addMenu(tr("&View"));
    const std::pair<const char*, QString> pages[] = {
        {"page1", tr("&Welcome")}, {"page2", tr("&Project")}, {"page3", tr("P&ipeline")}, {"page4", tr("&Run")}, {"page5", tr("&Artifacts")}, {"page6", tr("&History")}, {"page7", tr("S&ettings")}, {"page8", tr("&Doctor")}};
    for (const auto& [name, label] : pages)
        add(view, name, label, QKeySequence(QStringLiteral("Ctrl+%1").arg(QLatin1Char(name[4]))), tr("Go to this page"));
    view->addSeparator();
    add(view, "sidebar", tr("&Sidebar with names"), QKeySequence(Qt::Key_F9), tr("Show the pages with their names, or as icons"))->setCheckable(true);
    add(view, "fullScreen", tr("&Full screen"), QKeySequence(Qt::Key_F11), tr("Use the whole screen"))->setCheckable(true);
    add(view, "nextPane", tr("&Next pane"), QKeySequence(Qt::Key_F6), tr("Go on to the next part of the window"));
    add(view, "previousPane", tr("Pre&vious pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6), tr("Go back to the part of the window before"));
    add(view, "nextTab", tr("Next &tab"), QKeySequence(Qt::CTRL | Qt::Key_PageDown), tr("Show the next run"));
    add(view, "previousTab", tr("Previous ta&b"), QKeySequence(Qt::CTRL | Qt::Key_PageUp), tr("Show the run before"));
    view->addSeparator();
    add(view, "largerText", tr("&Larger text"), {}, tr("Make every text of the window larger"))->setShortcuts({QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    add(view, "smallerText", tr("S&maller text"), QKeySequence(Qt::CTRL | Qt::Key_Minus), tr("Make every text of the window smaller"));
    add(view, "normalText", tr("N&ormal text"), QKeySequence(Qt::CTRL | Qt::Key_0), tr("Show texts in the size of the system"));
    view->addSeparator();
    add(view, "refresh", tr("Re&load, check again"), QKeySequence(Qt::Key_F5), tr("Read the files and look at everything anew"));
    view->addSeparator();
    makeSchemes(view);
}

void WindowActions::makeSchemes(QMenu* view)
{
    auto* schemes = new QActionGroup(this);
    const std::pair<const char*, QString> looks[] = {
        {"schemeSystem", tr("Colours of the &system")}, {"schemeLight", tr("&Light")}, {"schemeDark", tr("Dar&k")}};
    for (const auto& [name, label] : looks) {
        auto* look = add(view, name, label, {}, tr("Change the colours at once"));
        look->setCheckable(true);
        schemes->addAction(look);
    }
    (*this)["schemeSystem"]->setChecked(true);
}

void WindowActions::makeRunMenu(QMainWindow& window)
{
    auto* run = window.menuBar()->addMenu(tr("&Run"));
    add(run, "startRun", tr("&Start run"), QKeySequence(Qt::CTRL | Qt::Key_Return), tr("Start the five agents on the requirements"));
    add(run, "pause", tr("&Pause"), QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_P), tr("Let the run stand still when its turn is over, go on, or resume where it was left"));
    add(run, "stop", tr("S&top"), QKeySequence(Qt::CTRL | Qt::Key_Period), tr("Stop the run that is shown in order; everything made so far is kept"));
    run->addSeparator();
    add(run, "approve", tr("&Approve gate"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Y), tr("Let the run that waits at a gate go on"));
    add(run, "sendBack", tr("Send &back …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B), tr("Say what shall change: at a gate, or of a stage that has begun"));
    add(run, "steer", tr("&Message the agent"), QKeySequence(Qt::CTRL | Qt::Key_M), tr("Say something to the agent at work; it reads it with its next turn"));
    add(run, "raiseLimit", tr("Raise a &limit …"), {}, tr("Allow the run more money, turns or time"));
    add(run, "skipStage", tr("S&kip a stage …"), {}, tr("Go on without a stage; the run completes with a waiver"));
    run->addSeparator();
    add(run, "rerun", tr("&Run again from stage …"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R), tr("A new run that takes over what was before a stage"));
    add(run, "nextProblem", tr("&Next problem"), QKeySequence(Qt::Key_F8), tr("Go to the next thing that is wrong in this run"));
    add(run, "previousProblem", tr("Previous pr&oblem"), QKeySequence(Qt::SHIFT | Qt::Key_F8), tr("Go to the thing before that is wrong in this run"));
    add(run, "compare", tr("&Compare"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D), tr("Show what differs between the two runs chosen in the history"));
}

void WindowActions::makeHelpMenu(QMainWindow& window)
{
    auto* help = window.menuBar()->addMenu(tr("&Help"));
    add(help, "help", tr("&Help"), QKeySequence(Qt::Key_F1), tr("What the page in front is for, and how things work"));
    add(help, "shortcuts", tr("&Keyboard shortcuts"), QKeySequence(Qt::CTRL | Qt::Key_Question), tr("Every action that has a key"));
    add(help, "palette", tr("&Find action"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P), tr("Type what you want to do"));
    add(help, "doctor", tr("D&octor"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H), tr("Look whether everything is there that a run needs"));
    add(help, "demo", tr("Try the &demo"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M), tr("A recorded run: no key is needed and nothing is spent"));
    help->addSeparator();
    add(help, "about", tr("&About Agent Pipeline"), {}, tr("Version and licence"));
}

void WindowActions::makeToolBar(QMainWindow& window)
{
    auto* bar = window.addToolBar(tr("Tools"));
    bar->setObjectName("toolBar");
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    window.setContextMenuPolicy(Qt::NoContextMenu); // which would only offer to hide this bar
    for (const auto* name : {"startRun", "pause", "stop"})
        bar->addAction((*this)[name]);
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    bar->addAction((*this)["palette"]);
}

} // namespace aap
