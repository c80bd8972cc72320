#include "ui/welcome/welcome_page.h"

#include <algorithm>

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kIconSize = 16;
constexpr int kReadinessWidth = 300;
constexpr int kOfferWidth = 200;
/// What a newcomer has to see to; the Doctor knows the rest.
constexpr std::array<std::string_view, 4> kShownFindings{"docker", "image", "key", "disk"};

QLabel* quietLabel(const QString& words, QWidget* parent)
{
    auto* label = new QLabel(words, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

StateLook lookOf(Finding::Status status)
{
    switch (status) {
    case Finding::Status::Ok: return aap::lookOf(CheckStatus::Passed);
    case Finding::Status::Warn: return aap::lookOf(StageStatus::Waiting);
    case Finding::Status::Fail: return aap::lookOf(CheckStatus::Failed);
    }
    return {};
}

void clear(QLayout& layout)
{
    while (auto* item = layout.takeAt(0)) {
        const std::unique_ptr<QLayoutItem> taken(item);
        if (auto* widget = taken->widget()) {
            widget->hide();
            widget->deleteLater();
        }
    }
}

} // namespace

WelcomePage::WelcomePage(QWidget* parent) :
    QWidget(parent)
{
    setObjectName("pageWelcome");
    auto* heading = new QLabel(tr("Turn requirements into tested software."), this);
    auto font = headingFont(heading->font());
    font.setPointSizeF(font.pointSizeF() * 1.2);
    heading->setFont(font);
    auto* about = quietLabel(tr("Five agents design, write, test, deploy and monitor what you describe, each in a closed sandbox. "
                                "You watch every turn and every cent, and the program checks every result itself."),
                             this);
    auto* left = new QVBoxLayout;
    left->setSpacing(12);
    left->addWidget(heading);
    left->addWidget(about);
    left->addSpacing(8);
    left->addLayout(makeOffers());
    left->addSpacing(8);
    left->addLayout(makeRecent());
    left->addStretch(1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(24, 24, 24, 24);
    row->setSpacing(24);
    row->addLayout(left, 1);
    row->addWidget(makeReadiness(), 0, Qt::AlignTop);
}

QLayout* WelcomePage::makeOffers()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(16);
    grid->setVerticalSpacing(12);
    grid->setColumnStretch(1, 1);
    const auto offer = [&](const char* name, const QString& label, const QString& hint, void (WelcomePage::*asked)()) {
        auto* button = new QPushButton(label, this);
        button->setObjectName(name);
        button->setMinimumSize(kOfferWidth, 36);
        connect(button, &QPushButton::clicked, this, asked);
        const int at = grid->rowCount();
        grid->addWidget(button, at, 0);
        grid->addWidget(quietLabel(hint, this), at, 1);
        return button;
    };
    offer("welcomeDemo", tr("Try the &demo"), tr("A recorded run: no key is needed and nothing is spent, about a minute."), &WelcomePage::demoAsked)->setDefault(true);
    offer("welcomeWrite", tr("&Write requirements"), tr("Say what your own project shall do."), &WelcomePage::writingAsked);
    offer("welcomeNew", tr("&New project …"), tr("A project in a file of its own, from a template if you like."), &WelcomePage::newAsked);
    offer("welcomeOpen", tr("&Open …"), tr("A project file that you have already."), &WelcomePage::openAsked);
    return grid;
}

QLayout* WelcomePage::makeRecent()
{
    m_recentHeading = new QLabel(tr("Recent projects"), this);
    auto bold = m_recentHeading->font();
    bold.setBold(true);
    m_recentHeading->setFont(bold);
    m_recentHeading->hide();
    m_recent = new QVBoxLayout;
    m_recent->setSpacing(4);
    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addWidget(m_recentHeading);
    column->addLayout(m_recent);
    return column;
}

void WelcomePage::showRecent(const QStringList& files)
{
    clear(*m_recent);
    m_recentHeading->setVisible(!files.isEmpty());
    for (const auto& file : files) {
        const QFileInfo info(file);
        auto* line = new QWidget(this);
        line->setObjectName(QStringLiteral("recent.") + info.completeBaseName());
        auto* open = new QPushButton(info.completeBaseName().replace(u'&', QStringLiteral("&&")), line);
        open->setObjectName("openRecent");
        open->setMinimumWidth(kOfferWidth);
        open->setAccessibleName(tr("Open %1").arg(info.completeBaseName()));
        connect(open, &QPushButton::clicked, this, [this, file] { emit projectAsked(file); });
        auto* place = quietLabel(QDir::toNativeSeparators(info.path()), line);
        auto* forget = new QPushButton(tr("Remove from list"), line);
        forget->setObjectName("forgetRecent");
        forget->setAccessibleName(tr("Remove %1 from the list").arg(info.completeBaseName()));
        connect(forget, &QPushButton::clicked, this, [this, file] { emit forgetAsked(file); });
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(16);
        row->addWidget(open);
        row->addWidget(place, 1);
        row->addWidget(forget);
        m_recent->addWidget(line);
    }
}

QWidget* WelcomePage::makeReadiness()
{
    auto* box = new QFrame(this);
    box->setObjectName("readiness");
    box->setFrameShape(QFrame::StyledPanel);
    box->setFixedWidth(kReadinessWidth);
    auto* title = new QLabel(tr("Ready for a run of your own?"), box);
    auto bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    m_ready = new QVBoxLayout;
    m_ready->setSpacing(8);
    m_ready->addWidget(quietLabel(tr("Looking …"), box));
    auto* doctor = new QPushButton(tr("&Open Doctor"), box);
    doctor->setObjectName("welcomeDoctor");
    connect(doctor, &QPushButton::clicked, this, &WelcomePage::doctorAsked);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(12);
    column->addWidget(title);
    column->addLayout(m_ready);
    column->addWidget(doctor, 0, Qt::AlignLeft);
    return box;
}

void WelcomePage::showFindings(const std::vector<Finding>& findings)
{
    m_findings.clear();
    std::ranges::copy_if(findings, std::back_inserter(m_findings),
                         [](const Finding& finding) { return std::ranges::find(kShownFindings, finding.id) != kShownFindings.end(); });
    showReadiness();
}

void WelcomePage::showReadiness()
{
    clear(*m_ready);
    for (const auto& finding : m_findings) {
        auto* line = new QWidget(this);
        line->setObjectName(QStringLiteral("ready.") + text(finding.id));
        const auto look = lookOf(finding.status);
        auto* icon = new QLabel(line);
        icon->setPixmap(shapeIcon(look.shape, look.colour).pixmap(QSize(kIconSize, kIconSize), devicePixelRatioF()));
        icon->setAccessibleName(look.word);
        auto* words = new QLabel(tr("%1: %2").arg(text(finding.title), text(finding.detail).simplified()), line);
        words->setTextFormat(Qt::PlainText);
        words->setWordWrap(true);
        words->setToolTip({});
        auto* row = new QHBoxLayout(line);
        row->setContentsMargins(0, 0, 0, 0);
        row->setSpacing(8);
        row->addWidget(icon, 0, Qt::AlignTop);
        row->addWidget(words, 1);
        m_ready->addWidget(line);
    }
    if (m_findings.empty())
        m_ready->addWidget(quietLabel(tr("Nothing stands in the way."), this));
}

void WelcomePage::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_findings.empty())
        QMetaObject::invokeMethod(this, &WelcomePage::showReadiness, Qt::QueuedConnection); // its icons wear the scheme's colours
}

} // namespace aap
