#include "ui/log/log_panel.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtConcurrent>

#include "ui/describe.h"

namespace aap {
namespace {

constexpr std::size_t kSavedBlock = 1U << 20U;

QToolButton* toolButton(QWidget* parent, const QString& name, const QString& label, const QString& tip)
{
    auto* button = new QToolButton(parent);
    button->setObjectName(name);
    button->setText(label);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    return button;
}

void copyBytes(const LogSource::Opened& opened, std::uint64_t first, std::uint64_t last, const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return;
    std::string block;
    const auto end = opened.index.end(last);
    for (auto at = opened.index.begin(first); at < end;) {
        block.resize(std::size_t(std::min<std::uint64_t>(kSavedBlock, end - at)));
        const auto got = opened.file.readAt(at, block);
        if (!got || *got == 0)
            return;
        file.write(block.data(), qint64(*got));
        at += *got;
    }
}

} // namespace

LogPanel::LogPanel(const QString& name, QWidget* parent) :
    QWidget(parent),
    m_view(new LogView(this))
{
    m_view->setObjectName(name);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTools(name));
    column->addWidget(m_view, 1);
    column->addWidget(makeFindBar(name));
    connect(&m_find, &LogFind::progressed, this, &LogPanel::showCount);
    connect(&m_view->source(), &LogSource::grew, this, [this] {
        if (!m_findBar->isHidden() && m_find.lines().empty() && !m_find.isRunning() && m_view->source().lines() > 0)
            find(); // it was asked for before there was anything
        else
            m_find.goOn();
    });
    connect(m_view, &LogView::copyTooBig, this, &LogPanel::saveSelection);
}

QWidget* LogPanel::makeTools(const QString& name)
{
    m_tools = new QWidget(this);
    m_stages = new QComboBox(m_tools);
    m_stages->setObjectName(name + QStringLiteral("Stage"));
    m_stages->setAccessibleName(tr("Stage shown in the log"));
    m_stages->setAccessibleDescription(m_stages->accessibleName()); // a choice is called what is chosen
    m_stages->addItem(tr("All stages"), -1);
    for (const auto stage : kPipelineStages)
        m_stages->addItem(word(title(stage)), int(stage));
    connect(m_stages, &QComboBox::currentIndexChanged, this, [this] {
        const int stage = m_stages->currentData().toInt();
        m_view->setStageFilter(stage < 0 ? std::nullopt : std::optional(StageId(stage)));
    });
    m_fold = toolButton(m_tools, name + QStringLiteral("Fold"), tr("Fold all"), tr("Show the tool calls only, or all they print (Ctrl+Shift+[ and ])"));
    m_fold->setCheckable(true);
    connect(m_fold, &QToolButton::toggled, m_view, &LogView::foldAll);
    m_wrap = toolButton(m_tools, name + QStringLiteral("Wrap"), tr("Wrap lines"), tr("Break lines that are wider than the window (Alt+Z)"));
    m_wrap->setCheckable(true);
    connect(m_wrap, &QToolButton::toggled, m_view, &LogView::setWrap);
    auto* search = toolButton(m_tools, name + QStringLiteral("Search"), tr("Find"), tr("Find in the log (Ctrl+F)"));
    connect(search, &QToolButton::clicked, this, &LogPanel::showFind);
    auto* row = new QHBoxLayout(m_tools);
    row->setContentsMargins(0, 4, 0, 4);
    row->setSpacing(8);
    row->addWidget(m_stages);
    row->addStretch(1);
    for (auto* button : {m_fold, m_wrap, search})
        row->addWidget(button);
    return m_tools;
}

QWidget* LogPanel::makeFindBar(const QString& name)
{
    m_findBar = new QWidget(this);
    m_words = new QLineEdit(m_findBar);
    m_words->setObjectName(name + QStringLiteral("Find"));
    m_words->setAccessibleName(tr("Find in the log"));
    m_words->setPlaceholderText(tr("Find in the log"));
    m_words->setClearButtonEnabled(true);
    m_case = new QCheckBox(tr("Match &case"), m_findBar);
    m_whole = new QCheckBox(tr("&Whole word"), m_findBar);
    m_regex = new QCheckBox(tr("Regular e&xpression"), m_findBar);
    m_count = new QLabel(m_findBar);
    m_count->setObjectName(name + QStringLiteral("Hits"));
    m_count->setTextFormat(Qt::PlainText);
    auto* previous = toolButton(m_findBar, name + QStringLiteral("Previous"), tr("Previous"), tr("Go to the hit before (Shift+F3)"));
    auto* next = toolButton(m_findBar, name + QStringLiteral("Next"), tr("Next"), tr("Go to the next hit (F3)"));
    auto* close = toolButton(m_findBar, name + QStringLiteral("CloseFind"), tr("Close"), tr("Close the find bar (Esc)"));
    connect(m_words, &QLineEdit::textChanged, this, &LogPanel::find);
    connect(m_words, &QLineEdit::returnPressed, this, [this] { step(true); });
    for (auto* option : {m_case, m_whole, m_regex})
        connect(option, &QCheckBox::toggled, this, &LogPanel::find);
    connect(previous, &QToolButton::clicked, this, [this] { step(false); });
    connect(next, &QToolButton::clicked, this, [this] { step(true); });
    connect(close, &QToolButton::clicked, this, &LogPanel::hideFind);
    auto* row = new QHBoxLayout(m_findBar);
    row->setContentsMargins(0, 8, 0, 4);
    row->setSpacing(8);
    row->addWidget(m_words, 1);
    for (auto* widget : std::initializer_list<QWidget*>{m_count, previous, next, m_case, m_whole, m_regex, close})
        row->addWidget(widget);
    m_findBar->hide();
    return m_findBar;
}

void LogPanel::open(const QString& folder, const QString& relative, bool sections)
{
    m_find.start(nullptr, {});
    m_stages->setVisible(sections);
    m_fold->setVisible(sections);
    m_stages->setCurrentIndex(0);
    m_fold->setChecked(false);
    m_view->source().open(folder, relative, sections);
}

void LogPanel::close()
{
    m_find.start(nullptr, {});
    m_view->source().close();
}

void LogPanel::showFind()
{
    m_findBar->show();
    m_words->setFocus();
    m_words->selectAll();
    find();
}

void LogPanel::hideFind()
{
    m_findBar->hide();
    m_find.start(nullptr, {});
    m_view->setFocus();
}

void LogPanel::find()
{
    m_jumpToFirst = true;
    m_find.start(m_view->source().opened(), {.words = m_words->text(), .matchCase = m_case->isChecked(), .wholeWord = m_whole->isChecked(), .regex = m_regex->isChecked()});
}

void LogPanel::showCount()
{
    const LogQuery query{.words = m_words->text(), .matchCase = m_case->isChecked(), .wholeWord = m_whole->isChecked(), .regex = m_regex->isChecked()};
    const auto expression = m_findBar->isHidden() || query.words.isEmpty() ? QRegularExpression() : query.expression();
    const auto& lines = m_find.lines();
    m_view->showHits(expression.isValid() ? expression : QRegularExpression(), &lines);
    if (query.words.isEmpty())
        m_count->clear();
    else if (!expression.isValid())
        m_count->setText(tr("This is no regular expression"));
    else if (lines.empty())
        m_count->setText(m_find.isRunning() ? tr("Looking …") : tr("Nothing found"));
    else
        m_count->setText(lines.size() >= LogFind::kMost ? tr("More than %1 lines").arg(QLocale().toString(qulonglong(lines.size()))) : tr("%n line(s)", nullptr, int(lines.size())));
    if (m_jumpToFirst && !lines.empty()) {
        m_jumpToFirst = false;
        step(true);
    }
}

void LogPanel::step(bool forward)
{
    const auto& lines = m_find.lines();
    if (lines.empty())
        return;
    const auto here = m_view->currentLine();
    auto next = forward ? std::ranges::upper_bound(lines, here.value_or(0)) : std::ranges::lower_bound(lines, here.value_or(lines.back() + 1));
    if (forward && !here && lines.front() == 0)
        next = lines.begin();
    if (forward)
        m_view->goToLine(next == lines.end() ? lines.front() : *next);
    else
        m_view->goToLine(next == lines.begin() ? lines.back() : *std::prev(next));
}

void LogPanel::saveSelection()
{
    auto* dialog = new QFileDialog(this, tr("Save the selected lines"), QString(), tr("Text files (*.txt *.log)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("log"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        const auto opened = m_view->source().opened();
        const auto chosen = m_view->selection();
        if (opened && chosen)
            std::ignore = QtConcurrent::run([opened, chosen = *chosen, path] { copyBytes(*opened, chosen.first, chosen.second, path); });
    });
    dialog->open();
}

/// These keys are ours while the focus is in here, whatever the window's menus do with them elsewhere.
bool LogPanel::takes(const QKeyEvent& key) const
{
    const auto keys = key.modifiers() & ~Qt::KeypadModifier;
    const bool escape = key.key() == Qt::Key_Escape && keys == Qt::NoModifier && !m_findBar->isHidden();
    const bool again = key.key() == Qt::Key_F3 && (keys == Qt::NoModifier || keys == Qt::ShiftModifier);
    const bool fold = keys == (Qt::ControlModifier | Qt::ShiftModifier)
        && (key.key() == Qt::Key_BracketLeft || key.key() == Qt::Key_BracketRight || key.key() == Qt::Key_BraceLeft || key.key() == Qt::Key_BraceRight);
    return escape || again || fold || (key.key() == Qt::Key_F && keys == Qt::ControlModifier) || (key.key() == Qt::Key_Z && keys == Qt::AltModifier)
        || (key.key() == Qt::Key_End && keys == Qt::ControlModifier);
}

bool LogPanel::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && takes(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

void LogPanel::keyPressEvent(QKeyEvent* event)
{
    if (!takes(*event))
        return QWidget::keyPressEvent(event);
    switch (event->key()) {
    case Qt::Key_Escape: return hideFind();
    case Qt::Key_F3: return step(!(event->modifiers() & Qt::ShiftModifier));
    case Qt::Key_F: return showFind();
    case Qt::Key_Z: return m_wrap->toggle();
    case Qt::Key_End: return m_view->followEnd();
    default: m_view->foldAll(event->key() == Qt::Key_BracketLeft || event->key() == Qt::Key_BraceLeft);
    }
}

} // namespace aap
