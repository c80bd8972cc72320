#include "ui/settings/setting_row.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

using Kind = ValueRule::Kind;

constexpr int kEditorWidth = 260;

QString valueText(const Json& value)
{
    if (value.is_null())
        return {};
    if (value.is_string())
        return text(value.get_ref<const std::string&>());
    if (value.is_number_float())
        return QString::number(value.get<double>(), 'g', 12);
    if (!value.is_array())
        return text(value.dump());
    QStringList entries;
    for (const auto& entry : value)
        entries << valueText(entry);
    return entries.join(QStringLiteral(", "));
}

} // namespace

SettingRow::SettingRow(const Setting& setting, Change change, QWidget* parent) :
    QWidget(parent),
    m_setting(setting),
    m_change(std::move(change)),
    m_editor(makeEditor()),
    m_useDefault(new QPushButton(tr("Use default"), this)),
    m_note(new QLabel(this))
{
    const auto key = text(setting.key);
    setObjectName(QStringLiteral("row.") + key);
    auto* meaning = new QLabel(text(setting.meaning), this);
    meaning->setTextFormat(Qt::PlainText);
    meaning->setWordWrap(true);
    m_editor->setObjectName(QStringLiteral("setting.") + key);
    m_editor->setAccessibleName(text(setting.meaning));
    m_editor->setFixedWidth(kEditorWidth);
    m_useDefault->setObjectName(QStringLiteral("default.") + key);
    m_useDefault->setAccessibleName(tr("Use the default of %1").arg(key));
    m_useDefault->setToolTip(tr("Take it out of the configuration file"));
    m_note->setObjectName(QStringLiteral("note.") + key);
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    connect(m_useDefault, &QPushButton::clicked, this, [this] { m_change(m_setting, std::nullopt); });
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 8, 0, 8);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    grid->setColumnStretch(0, 1);
    grid->addWidget(meaning, 0, 0);
    grid->addWidget(m_editor, 0, 1);
    grid->addWidget(m_note, 1, 0);
    grid->addWidget(m_useDefault, 1, 1, Qt::AlignRight | Qt::AlignTop);
}

QWidget* SettingRow::makeEditor()
{
    const auto& rule = m_setting.rule;
    if (rule.secret)
        return new QLabel(this);
    if (rule.kind == Kind::Boolean) {
        auto* box = new QCheckBox(tr("On"), this);
        connect(box, &QCheckBox::clicked, this, [this](bool on) { m_change(m_setting, Json(on)); });
        return box;
    }
    if (rule.kind == Kind::Text && !rule.choices.empty()) {
        auto* box = new QComboBox(this);
        for (const auto choice : rule.choices)
            box->addItem(text(choice));
        box->setAccessibleDescription(text(m_setting.meaning)); // a choice is called what is chosen
        box->setFocusPolicy(Qt::StrongFocus);
        box->installEventFilter(this);
        connect(box, &QComboBox::textActivated, this, &SettingRow::take);
        return box;
    }
    auto* line = new QLineEdit(this);
    line->setPlaceholderText(rule.kind == Kind::Text ? tr("not set") : text(rule.expectation()));
    connect(line, &QLineEdit::editingFinished, this, [this, line] {
        if (line->text() != m_shown)
            take(line->text());
    });
    return line;
}

/// The wheel scrolls the page; it must not change a setting on the way.
bool SettingRow::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel)
        return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

void SettingRow::take(const QString& typed)
{
    const auto words = typed.trimmed();
    const bool mayBeEmptyText = m_setting.rule.kind == Kind::Text && m_setting.rule.mayBeEmpty;
    if (words.isEmpty() && !mayBeEmptyText)
        return m_change(m_setting, std::nullopt);
    const auto value = valueFromText(m_setting.rule, words.toStdString());
    if (const auto wrong = m_setting.wrongWith(value); !wrong.empty())
        return complain(sentence(m_setting.key + " " + wrong));
    m_change(m_setting, value);
}

void SettingRow::complain(const QString& words)
{
    m_note->setText(words);
    auto alarmed = palette();
    alarmed.setColor(QPalette::WindowText, lookOf(StageStatus::Failed).colour);
    m_note->setPalette(alarmed);
}

void SettingRow::show(const AppConfig& config)
{
    const auto found = config.origins.find(m_setting.key);
    const auto origin = found == config.origins.end() ? Origin{} : found->second;
    const bool isOurs = origin.source == Origin::Source::File || origin.source == Origin::Source::Default;
    setShown(m_setting.value(config));
    m_editor->setEnabled(isOurs || m_setting.rule.secret);
    m_useDefault->setVisible(origin.source == Origin::Source::File && !m_setting.rule.secret);
    m_note->setPalette(palette());
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setText(isOurs ? tr("%1 · %2", "a setting's key and origin").arg(text(m_setting.key), describe(origin))
                           : tr("%1 · %2, which wins over the configuration file").arg(text(m_setting.key), describe(origin)));
}

void SettingRow::setShown(const Json& value)
{
    m_shown = valueText(value);
    if (auto* label = qobject_cast<QLabel*>(m_editor))
        label->setText(value.is_null() || m_shown.isEmpty() ? tr("not set") : tr("set"));
    else if (auto* box = qobject_cast<QCheckBox*>(m_editor))
        box->setChecked(value.is_boolean() && value.get<bool>());
    else if (auto* choices = qobject_cast<QComboBox*>(m_editor))
        choices->setCurrentText(m_shown);
    else if (auto* line = qobject_cast<QLineEdit*>(m_editor))
        line->setText(m_shown);
}

bool SettingRow::fits(const QStringList& words) const
{
    const auto about = text(m_setting.key) + u' ' + text(m_setting.meaning);
    return std::ranges::all_of(words, [&](const QString& word) { return about.contains(word, Qt::CaseInsensitive); });
}

} // namespace aap
