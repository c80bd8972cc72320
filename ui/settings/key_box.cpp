#include "ui/settings/key_box.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "ui/describe.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/look.h"

namespace aap {

KeyBox::KeyBox(QWidget* parent) :
    QWidget(parent),
    m_current(plainLabel("keyCurrent", this)),
    m_verdict(plainLabel("keyVerdict", this)),
    m_key(new QLineEdit(this)),
    m_place(new QComboBox(this)),
    m_keep(new QPushButton(tr("&Keep this key"), this)),
    m_test(new QPushButton(tr("&Test the key"), this))
{
    setObjectName("keyBox");
    m_key->setObjectName("keyInput");
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_key->setAccessibleName(tr("A new API key"));
    m_key->setPlaceholderText(tr("Paste a new key"));
    m_place->setObjectName("keyPlace");
    m_place->setAccessibleName(tr("Where the key is kept"));
    m_place->setAccessibleDescription(m_place->accessibleName()); // a choice is called what is chosen
    m_place->addItem(tr("in the keychain"), int(Workbench::KeyPlace::Keychain));
    m_place->addItem(tr("for this session only"), int(Workbench::KeyPlace::Session));
    m_keep->setObjectName("keepKey");
    m_keep->setEnabled(false);
    m_test->setObjectName("testKey");
    m_test->setToolTip(tr("Ask the provider for its list of models; it costs nothing"));
    connect(m_key, &QLineEdit::textChanged, this, [this] { m_keep->setEnabled(typed().isUsable()); });
    connect(m_key, &QLineEdit::returnPressed, m_keep, &QPushButton::click);
    connect(m_test, &QPushButton::clicked, this, &KeyBox::testAsked);
    connect(m_keep, &QPushButton::clicked, this, [this] { emit keepAsked(Workbench::KeyPlace(m_place->currentData().toInt())); });
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 8, 0, 8);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(0, 1);
    grid->addWidget(m_current, 0, 0, 1, 2);
    grid->addWidget(m_test, 0, 2);
    grid->addWidget(m_key, 1, 0);
    grid->addWidget(m_place, 1, 1);
    grid->addWidget(m_keep, 1, 2);
    grid->addWidget(m_verdict, 2, 0, 1, 3);
    m_verdict->hide();
}

ApiKey KeyBox::typed() const
{
    return ApiKey(m_key->text().toStdString());
}

void KeyBox::show(const AppConfig& config)
{
    const bool isToken = config.provider.name != "anthropic" || config.anthropicApiKey.isEmpty();
    const auto& key = isToken ? config.provider.authToken : config.anthropicApiKey;
    const auto origin = config.origins.find(isToken ? "provider.auth_token" : "anthropic_api_key");
    if (config.provider.name == "replay")
        m_current->setText(tr("No key is needed: replies come from a recording."));
    else if (key.isEmpty())
        m_current->setText(tr("There is no API key. The demo works all the same."));
    else
        m_current->setText(tr("API key %1 · %2", "its last characters and origin").arg(text(key.masked()), origin == config.origins.end() ? QString() : describe(origin->second)));
    m_key->clear();
    m_verdict->hide();
}

void KeyBox::showTesting()
{
    m_test->setEnabled(false);
    m_verdict->setPalette(palette());
    m_verdict->setText(tr("Asking the provider …"));
    m_verdict->show();
}

void KeyBox::showTested(const Finding& finding)
{
    if (m_test->isEnabled())
        return;
    const bool works = finding.status == Finding::Status::Ok;
    auto coloured = palette();
    coloured.setColor(QPalette::WindowText, lookOf(works ? CheckStatus::Passed : CheckStatus::Failed).colour);
    m_verdict->setPalette(coloured);
    m_verdict->setText(QStringLiteral("%1 %2 %3").arg(works ? QStringLiteral("✓") : QStringLiteral("✗"), sentence(finding.detail), text(finding.remedy)).trimmed());
    m_verdict->show();
    m_test->setEnabled(true);
}

void KeyBox::showFailure(const QString& words)
{
    auto coloured = palette();
    coloured.setColor(QPalette::WindowText, lookOf(CheckStatus::Failed).colour);
    m_verdict->setPalette(coloured);
    m_verdict->setText(words);
    m_verdict->show();
}

} // namespace aap
