#include "ui/shell/action_palette.h"

#include <algorithm>

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QVBoxLayout>

namespace aap {
namespace {

constexpr QSize kSize(480, 360);

QString nameOf(const QAction& action)
{
    return QString(action.text()).remove(u'&');
}

/// Every word must be found, in whatever order.
bool hasAll(const QString& text, const QStringList& words)
{
    return std::ranges::all_of(words, [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace

ActionPalette::ActionPalette(const QList<QAction*>& actions, QWidget* parent) :
    QDialog(parent),
    m_actions(actions),
    m_words(new QLineEdit(this)),
    m_found(new QListWidget(this))
{
    setObjectName("actionPalette");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Find action"));
    resize(kSize);
    m_words->setObjectName("paletteWords");
    m_words->setPlaceholderText(tr("What do you want to do?"));
    m_words->setAccessibleName(tr("Words of the action"));
    m_words->installEventFilter(this);
    m_found->setObjectName("paletteActions");
    m_found->setAccessibleName(tr("Actions that fit"));
    m_found->setFocusPolicy(Qt::NoFocus); // the keys go to the words, which hand on what moves
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(8);
    column->addWidget(m_words);
    column->addWidget(m_found, 1);
    connect(m_words, &QLineEdit::textChanged, this, &ActionPalette::filter);
    connect(m_words, &QLineEdit::returnPressed, this, &ActionPalette::perform);
    connect(m_found, &QListWidget::itemClicked, this, &ActionPalette::perform);
    filter({});
}

bool ActionPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto& key = static_cast<const QKeyEvent&>(*event);
        const int step = key.key() == Qt::Key_Down ? 1 : key.key() == Qt::Key_Up ? -1 : 0;
        if (step != 0) {
            m_found->setCurrentRow(std::clamp(m_found->currentRow() + step, 0, std::max(0, m_found->count() - 1)));
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void ActionPalette::filter(const QString& words)
{
    m_found->clear();
    const auto wanted = words.split(u' ', Qt::SkipEmptyParts);
    QList<qsizetype> found; // those that are called so before those that only speak of it
    qsizetype called = 0;
    for (qsizetype i = 0; i < m_actions.size(); ++i) {
        const auto& action = *m_actions[i];
        if (!action.isEnabled() || !action.isVisible() || !hasAll(nameOf(action) + u' ' + action.statusTip(), wanted))
            continue;
        found.insert(hasAll(nameOf(action), wanted) ? called++ : found.size(), i);
    }
    for (const auto i : found) {
        const auto& action = *m_actions[i];
        const auto keys = action.shortcut().toString(QKeySequence::NativeText);
        auto* item = new QListWidgetItem(keys.isEmpty() ? nameOf(action) : tr("%1    (%2)", "an action and its keys").arg(nameOf(action), keys), m_found);
        item->setData(Qt::UserRole, int(i));
    }
    m_found->setCurrentRow(0);
}

void ActionPalette::perform()
{
    const auto* item = m_found->currentItem();
    if (item == nullptr)
        return;
    const QPointer<QAction> action(m_actions[item->data(Qt::UserRole).toInt()]);
    accept();
    QMetaObject::invokeMethod(parentWidget(), [action] { if (action) action->trigger(); }, Qt::QueuedConnection); // once we are gone
}

} // namespace aap
