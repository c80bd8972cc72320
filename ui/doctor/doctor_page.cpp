#include "ui/doctor/doctor_page.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kTextTop = 2; // so that words stand level with their icon

QLabel* plainLabel(const QString& words, QWidget* parent)
{
    auto* label = new QLabel(words, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

StateLook lookOf(Finding::Status status)
{
    switch (status) {
    case Finding::Status::Ok: return {Shape::Tick, QObject::tr("Fine"), aap::lookOf(StageStatus::Passed).colour};
    case Finding::Status::Warn: return {Shape::Hand, QObject::tr("Note"), aap::lookOf(StageStatus::Waiting).colour};
    case Finding::Status::Fail: return {Shape::Cross, QObject::tr("Problem"), aap::lookOf(StageStatus::Failed).colour};
    }
    return {};
}

} // namespace

DoctorPage::DoctorPage(QWidget* parent) :
    QWidget(parent),
    m_summary(plainLabel({}, this)),
    m_again(new QPushButton(tr("&Check again"), this)),
    m_list(new QWidget(this)),
    m_rows(new QVBoxLayout(m_list))
{
    setObjectName("pageDoctor");
    auto* heading = new QLabel(tr("Is everything ready?"), this);
    heading->setFont(headingFont(heading->font()));

    m_summary->setObjectName("doctorSummary");
    m_again->setObjectName("checkAgain");
    m_again->setToolTip(tr("Look at everything anew (F5)"));
    connect(m_again, &QPushButton::clicked, this, &DoctorPage::checkAsked);

    m_list->setObjectName("doctorList");
    m_rows->setContentsMargins(0, 0, 8, 0);
    m_rows->setSpacing(8);
    auto* scroll = new QScrollArea(this);
    scroll->setAccessibleName(tr("Findings"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_list);

    auto* top = new QHBoxLayout;
    top->addWidget(heading, 1);
    top->addWidget(m_again);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addLayout(top);
    column->addWidget(m_summary);
    column->addWidget(scroll, 1);
}

void DoctorPage::showChecking()
{
    m_again->setEnabled(false);
    m_summary->setText(tr("Looking …"));
}

void DoctorPage::show(const std::vector<Finding>& findings)
{
    m_findings = findings;
    m_again->setEnabled(true);
    const auto problems = std::ranges::count(findings, Finding::Status::Fail, &Finding::status);
    m_summary->setText(problems == 0 ? tr("A run can start.") : problems == 1 ? tr("One thing stands in the way of a run.") : tr("%1 things stand in the way of a run.").arg(problems));
    refresh();
}

void DoctorPage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        refresh(); // icons wear the scheme's colours
}

void DoctorPage::refresh()
{
    while (auto* item = m_rows->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        std::default_delete<QLayoutItem>()(item);
    }
    for (const auto& finding : m_findings)
        m_rows->addWidget(row(finding));
    m_rows->addStretch(1);
}

QWidget* DoctorPage::row(const Finding& finding)
{
    auto* box = new QWidget(m_list);
    box->setObjectName(QStringLiteral("finding.") + text(finding.id));
    const auto look = lookOf(finding.status);
    auto* icon = new QLabel(box);
    icon->setPixmap(shapeIcon(look.shape, look.colour).pixmap(QSize(20, 20), devicePixelRatioF()));
    icon->setAccessibleName(look.word);
    icon->setAlignment(Qt::AlignTop);
    auto* name = plainLabel(text(finding.title), box);
    auto bold = name->font();
    bold.setBold(true);
    name->setFont(bold);
    name->setFixedWidth(170);
    name->setAlignment(Qt::AlignTop);
    name->setContentsMargins(0, kTextTop, 0, 0);

    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    words->setContentsMargins(0, kTextTop, 0, 0);
    words->addWidget(plainLabel(sentence(finding.detail), box));
    if (!finding.remedy.empty() && finding.status != Finding::Status::Ok) {
        auto* remedy = plainLabel(text(finding.remedy), box);
        remedy->setForegroundRole(QPalette::PlaceholderText);
        words->addWidget(remedy);
    }
    words->addStretch(1);
    auto* line = new QHBoxLayout(box);
    line->setContentsMargins(0, 4, 0, 4);
    line->setSpacing(12);
    line->addWidget(icon, 0, Qt::AlignTop);
    line->addWidget(name, 0, Qt::AlignTop);
    line->addLayout(words, 1);
    if (!finding.fixCommand.empty() && finding.status != Finding::Status::Ok) {
        auto* copy = new QPushButton(tr("Copy command"), box);
        copy->setToolTip(text(finding.fixCommand));
        connect(copy, &QPushButton::clicked, copy, [command = text(finding.fixCommand)] { QApplication::clipboard()->setText(command); });
        line->addWidget(copy, 0, Qt::AlignTop);
    }
    return box;
}

} // namespace aap
