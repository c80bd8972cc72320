#include "ui/settings/window_boxes.h"

#include <algorithm>

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "ui/shell/preferences.h"

namespace aap {
namespace {

constexpr int kFieldWidth = 260;
constexpr int kTextStep = 10; // per cent

QLabel* explanation(const QString& words, QWidget* parent)
{
    auto* label = new QLabel(words, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

bool WindowBox::fits(const QStringList& words) const
{
    QStringList all;
    for (const auto* label : findChildren<QLabel*>())
        all << label->text();
    for (const auto* button : findChildren<QAbstractButton*>())
        all << button->text();
    const auto said = all.join(u' ').remove(u'&');
    return std::ranges::all_of(words, [&](const QString& word) { return said.contains(word, Qt::CaseInsensitive); });
}

LookBox::LookBox(Preferences& preferences, QWidget* parent) :
    WindowBox(parent),
    m_preferences(preferences),
    m_scheme(new QComboBox(this)),
    m_textSize(new QSpinBox(this)),
    m_language(new QComboBox(this))
{
    setObjectName("lookBox");
    m_scheme->addItem(tr("As the system has it"), int(Scheme::System));
    m_scheme->addItem(tr("Light"), int(Scheme::Light));
    m_scheme->addItem(tr("Dark"), int(Scheme::Dark));
    m_textSize->setRange(80, 160);
    m_textSize->setSingleStep(kTextStep);
    m_textSize->setSuffix(tr(" %"));
    m_textSize->setKeyboardTracking(false); // half a number would be a tiny text
    m_language->addItem(tr("As the system has it"), QString());
    m_language->addItem(QStringLiteral("English"), QStringLiteral("en"));
    m_language->addItem(QStringLiteral("Deutsch"), QStringLiteral("de"));
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 8, 0, 8);
    form->setVerticalSpacing(12);
    form->setHorizontalSpacing(16);
    addRow(*form, tr("&Colours"), m_scheme, "windowScheme");
    addRow(*form, tr("Size of the &text"), m_textSize, "windowTextSize");
    addRow(*form, tr("&Language"), m_language, "windowLanguage");
    form->addRow(explanation(tr("Colours and size hold at once, the language from the next start on. Messages of the engine stay English."), this));
    connect(m_scheme, &QComboBox::activated, this, [this] { m_preferences.setScheme(Scheme(m_scheme->currentData().toInt())); });
    connect(m_textSize, &QSpinBox::valueChanged, this, [this](int percent) { m_preferences.setTextSize(percent); });
    connect(m_language, &QComboBox::activated, this, [this] { m_preferences.setLanguage(m_language->currentData().toString()); });
    connect(&m_preferences, &Preferences::changed, this, &LookBox::show);
    show();
}

void LookBox::addRow(QFormLayout& form, const QString& label, QWidget* field, const char* name)
{
    field->setObjectName(name);
    field->setAccessibleName(QString(label).remove(u'&'));
    field->setFixedWidth(kFieldWidth);
    form.addRow(label, field);
}

void LookBox::show()
{
    const QSignalBlocker quiet(m_textSize);
    m_scheme->setCurrentIndex(m_scheme->findData(int(m_preferences.scheme())));
    m_textSize->setValue(m_preferences.textSize());
    m_language->setCurrentIndex(std::max(0, m_language->findData(m_preferences.language())));
}

NoticesBox::NoticesBox(Preferences& preferences, QWidget* parent) :
    WindowBox(parent)
{
    setObjectName("noticesBox");
    struct {
        const char* name;
        QString label;
        bool DesktopWishes::*wish;
    } const entries[] = {{"tellNeedsYou", tr("A run &waits for you"), &DesktopWishes::tellNeedsYou},
                         {"tellFinished", tr("A run has &finished"), &DesktopWishes::tellFinished},
                         {"tellFailed", tr("A run has f&ailed"), &DesktopWishes::tellFailed},
                         {"tellBudget", tr("A run has used 80 % of its &budget, or all of it"), &DesktopWishes::tellBudget},
                         {"tellEngine", tr("A run has lost the Docker &engine"), &DesktopWishes::tellEngine},
                         {"keepAwake", tr("&Keep the computer awake while a run works"), &DesktopWishes::keepAwake}};
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(12);
    column->addWidget(explanation(tr("Notifications of the desktop, while the window is not in front:"), this));
    for (const auto& [name, label, wish] : entries) {
        auto* box = new QCheckBox(label, this);
        box->setObjectName(name);
        box->setChecked(preferences.desktop().*wish);
        connect(box, &QCheckBox::toggled, this, [&preferences, wish = wish](bool wished) {
            auto wishes = preferences.desktop();
            wishes.*wish = wished;
            preferences.setDesktop(wishes);
        });
        if (wish == &DesktopWishes::keepAwake)
            column->addSpacing(12);
        column->addWidget(box);
    }
}

} // namespace aap
