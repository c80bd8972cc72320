#include "ui/shell/status_parts.h"

#include <algorithm>

#include <QStatusBar>
#include <QToolButton>

namespace aap {
namespace {

QString shown(Finding::Status status)
{
    switch (status) {
    case Finding::Status::Ok: return QStringLiteral("✓");
    case Finding::Status::Warn: return QStringLiteral("!");
    case Finding::Status::Fail: return QStringLiteral("✗");
    }
    return {};
}

} // namespace

StatusParts::StatusParts(QStatusBar& bar) :
    QObject(&bar)
{
    struct {
        const char* name;
        QString tip;
        PageId page;
    } const parts[] = {{"statusEngine", tr("Docker engine: open Doctor"), PageId::Doctor},
                       {"statusKey", tr("API key: open Settings"), PageId::Settings},
                       {"statusModel", tr("The model that runs use: open Settings"), PageId::Settings},
                       {"statusStage", tr("The stage at work: open the run"), PageId::Run},
                       {"statusMoney", tr("Spent by the run that is shown: open the run"), PageId::Run},
                       {"statusSaved", tr("Whether your text is on disk: open the project"), PageId::Project}};
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        auto* button = m_parts[i] = new QToolButton(&bar);
        button->setObjectName(parts[i].name);
        button->setAutoRaise(true);
        button->setToolTip(parts[i].tip);
        button->setAccessibleName(parts[i].tip);
        button->setFocusPolicy(Qt::TabFocus);
        button->hide();
        bar.addPermanentWidget(button);
        connect(button, &QToolButton::clicked, this, [this, page = parts[i].page] { emit pageAsked(page); });
    }
}

void StatusParts::set(Part part, const QString& words)
{
    auto* button = m_parts[part];
    button->setText(QString(words).replace(u'&', QStringLiteral("&&"))); // no key's mark
    button->setAccessibleName(button->toolTip() + QStringLiteral(": ") + words);
    button->setVisible(!words.isEmpty());
}

void StatusParts::showFindings(const std::vector<Finding>& findings)
{
    const auto state = [&](std::string_view id) {
        const auto found = std::ranges::find(findings, id, &Finding::id);
        return found == findings.end() ? QString() : shown(found->status) + u' ';
    };
    set(Engine, state("docker") + tr("Docker"));
    set(Key, state("key") + tr("API key"));
}

} // namespace aap
