#include "ui/settings/settings_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/settings/key_box.h"
#include "ui/settings/setting_row.h"
#include "ui/settings/window_boxes.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kSectionsWidth = 190;
constexpr int kSectionHeight = 28;

enum Section { Provider, General, Models, Budgets, Sandboxes, Asking, Checks, Log, Look, Notices };

Section sectionOf(const Setting& setting)
{
    static const std::map<std::string_view, Section> sections{{"provider", Provider}, {"models", Models}, {"budget", Budgets}, {"sandbox", Sandboxes}, {"gates", Asking}, {"policy", Asking},
                                                              {"verify", Checks},     {"repair", Checks}, {"monitoring", Checks}, {"logging", Log}};
    const auto found = sections.find(setting.group());
    if (found != sections.end())
        return found->second;
    return setting.key == "anthropic_model" || setting.key == "anthropic_api_key" ? Provider : General;
}

} // namespace

SettingsPage::SettingsPage(Workbench& workbench, Preferences& preferences, QWidget* parent) :
    QWidget(parent),
    m_workbench(workbench),
    m_search(new QLineEdit(this)),
    m_sections(new QListWidget(this)),
    m_note(new QLabel(this))
{
    setObjectName("pageSettings");
    m_search->setObjectName("settingsSearch");
    m_search->setAccessibleName(tr("Find a setting"));
    m_search->setPlaceholderText(tr("Find a setting"));
    m_search->setClearButtonEnabled(true);
    m_sections->setObjectName("settingsSections");
    m_sections->setAccessibleName(tr("Kinds of settings"));
    m_sections->addItems({tr("Provider and key"), tr("General"), tr("Models"), tr("Budgets"), tr("Sandbox"), tr("Gates and policy"), tr("Checks and repairs"), tr("Log"), tr("Look and language"), tr("Notifications")});
    for (int row = 0; row < m_sections->count(); ++row)
        m_sections->item(row)->setSizeHint({0, kSectionHeight});
    m_sections->setFixedWidth(kSectionsWidth);
    m_sections->setFrameShape(QFrame::NoFrame);
    m_note->setObjectName("settingsNote");
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setMinimumHeight(2 * m_note->fontMetrics().lineSpacing());
    m_note->setForegroundRole(QPalette::PlaceholderText);
    auto* right = new QVBoxLayout;
    right->setSpacing(8);
    right->addWidget(m_search);
    right->addWidget(makeRows(preferences), 1);
    right->addWidget(m_note);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(16);
    row->addWidget(m_sections);
    row->addLayout(right, 1);
    connect(m_search, &QLineEdit::textChanged, this, &SettingsPage::filter);
    connect(m_sections, &QListWidget::currentRowChanged, this, [this] {
        m_search->clear();
        filter();
    });
    connectKey();
    m_sections->setCurrentRow(Provider);
}

QWidget* SettingsPage::makeRows(Preferences& preferences)
{
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName("settingsRows");
    m_scroll->setAccessibleName(tr("Settings"));
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* list = new QWidget(m_scroll);
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 12, 0);
    column->setSpacing(0);
    m_key = new KeyBox(list);
    column->addWidget(m_key);
    for (const auto& setting : settings()) {
        auto* row = new SettingRow(setting, [this](const Setting& changed, const std::optional<Json>& value) { change(changed, value); }, list);
        column->addWidget(row);
        m_rows << row;
    }
    column->addWidget(m_look = new LookBox(preferences, list));
    column->addWidget(m_notices = new NoticesBox(preferences, list));
    column->addStretch(1);
    m_scroll->setWidget(list);
    return m_scroll;
}

void SettingsPage::connectKey()
{
    connect(m_key, &KeyBox::testAsked, this, [this] {
        m_key->showTesting();
        emit testAsked();
    });
    connect(m_key, &KeyBox::keepAsked, this, [this](Workbench::KeyPlace place) {
        m_workbench.keepKey(m_key->typed(), place, toGui<Result<void>>(this, [this](const auto& outcome) {
            if (outcome)
                takeChange(outcome);
            else
                m_key->showFailure(describe(outcome.error()));
        }));
    });
}

void SettingsPage::showFindings(const std::vector<Finding>& findings)
{
    if (const auto key = std::ranges::find(findings, "key", &Finding::id); key != findings.end())
        m_key->showTested(*key);
}

void SettingsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void SettingsPage::refresh()
{
    const auto config = m_workbench.config();
    m_key->show(config);
    for (auto* row : std::as_const(m_rows))
        row->show(config);
    m_note->setText(tr("A change is written to %1 and holds from the next run on.").arg(m_workbench.configFile()));
}

void SettingsPage::filter()
{
    const auto words = m_search->text().split(u' ', Qt::SkipEmptyParts);
    const auto section = m_sections->currentRow();
    for (auto* row : std::as_const(m_rows)) {
        const bool isKey = row->setting().rule.secret && row->setting().key != "provider.custom_headers"; // the box above is theirs
        row->setVisible(!isKey && (words.isEmpty() ? sectionOf(row->setting()) == section : row->fits(words)));
    }
    m_key->setVisible(words.isEmpty() && section == Provider);
    m_look->setVisible(words.isEmpty() ? section == Look : m_look->fits(words));
    m_notices->setVisible(words.isEmpty() ? section == Notices : m_notices->fits(words));
    m_note->setVisible(!words.isEmpty() || section < Look); // those two are kept with the window
    m_scroll->ensureVisible(0, 0);
}

void SettingsPage::find()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void SettingsPage::change(const Setting& setting, const std::optional<Json>& value)
{
    m_workbench.changeSetting(setting, value, toGui<Result<void>>(this, [this](const auto& outcome) { takeChange(outcome); }));
}

void SettingsPage::takeChange(const Result<void>& outcome)
{
    refresh();
    if (outcome)
        emit changed();
    else
        m_note->setText(describe(outcome.error()));
}

} // namespace aap
