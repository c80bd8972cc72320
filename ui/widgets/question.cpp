#include "ui/widgets/question.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace aap {
namespace {

constexpr int kWordsWidth = 420;

} // namespace

void openSheet(QDialog& dialog)
{
    dialog.layout()->activate(); // so that its size is known before it has a window
    dialog.open();
}

Question::Question(const QString& title, const QString& words, QWidget* parent) :
    QDialog(parent),
    m_answers(new QHBoxLayout)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    auto* label = new QLabel(words, this);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setFixedWidth(kWordsWidth);
    m_answers->setSpacing(8);
    m_answers->addStretch(1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addWidget(label);
    column->addLayout(m_answers);
}

void Question::offer(const char* name, const QString& label, std::function<void()> chosen)
{
    auto* button = new QPushButton(label, this);
    button->setObjectName(name);
    button->setDefault(m_answers->count() == 1); // beside the stretch
    m_answers->addWidget(button);
    connect(button, &QPushButton::clicked, this, [this, chosen = std::move(chosen)] {
        QMetaObject::invokeMethod(parent(), chosen, Qt::QueuedConnection);
        accept();
    });
}

void Question::ask()
{
    openSheet(*this);
}

} // namespace aap
