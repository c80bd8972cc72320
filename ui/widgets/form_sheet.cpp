#include "ui/widgets/form_sheet.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr int kSheetWidth = 420;

} // namespace

FormSheet::FormSheet(const QString& name, const QString& title, const QString& words, const QString& verb, QWidget* parent) :
    QDialog(parent),
    m_words(new QLabel(this)),
    m_form(new QFormLayout),
    m_verb(new QPushButton(verb, this))
{
    setObjectName(name);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    m_words->setFixedWidth(kSheetWidth);
    setWords(words);
    m_form->setVerticalSpacing(8);
    m_verb->setObjectName(name + QStringLiteral("Verb"));
    m_verb->setDefault(true);
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_verb, &QPushButton::clicked, this, &QDialog::accept);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(m_verb);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addWidget(m_words);
    column->addLayout(m_form);
    column->addLayout(buttons);
}

void FormSheet::add(const QString& label, QWidget* field, const QString& name)
{
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&'));
    m_form->addRow(label, field);
    setTabOrder(field, m_verb);
}

void FormSheet::setWords(const QString& words)
{
    m_words->setText(words);
    m_words->setFixedHeight(m_words->heightForWidth(kSheetWidth)); // a dialog's layout does not ask again
}

void FormSheet::setReady(bool ready)
{
    m_verb->setEnabled(ready);
}

void FormSheet::ask(std::function<void()> chosen)
{
    connect(this, &QDialog::accepted, parentWidget(), std::move(chosen), Qt::DirectConnection);
    openSheet(*this);
}

} // namespace aap
