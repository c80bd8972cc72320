#include "ui/shell/banner.h"

#include <QVBoxLayout>

#include "ui/widgets/notice_bar.h"

namespace aap {
namespace {

constexpr std::pair<Banner::Matter, const char*> kBannerRows[] = {{Banner::Matter::Said, "bannerSaid"}, {Banner::Matter::Interrupted, "bannerInterrupted"}, {Banner::Matter::Problem, "banner"}, {Banner::Matter::Gate, "bannerGate"}, {Banner::Matter::Budget, "bannerBudget"}};

} // namespace

Banner::Banner(QWidget* parent) :
    QWidget(parent)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    for (const auto& [matter, name] : kBannerRows)
        column->addWidget(m_rows[matter].bar = new NoticeBar(QLatin1String(name), this));
    hide();
}

QPushButton* Banner::offer(Matter matter, const QString& name, const QString& label)
{
    return m_rows[matter].bar->offer(name, label);
}

void Banner::say(Matter matter, const QString& words)
{
    auto& row = m_rows[matter];
    row.bar->say(words);
    row.isOpen = true;
    showMostUrgent();
}

void Banner::settle(Matter matter)
{
    m_rows[matter].isOpen = false;
    showMostUrgent();
}

void Banner::showMostUrgent()
{
    bool isTaken = false;
    for (auto& [matter, row] : m_rows) {
        row.bar->setVisible(row.isOpen && !isTaken);
        isTaken = isTaken || row.isOpen;
    }
    setVisible(isTaken);
}

} // namespace aap
