#include "ui/pipeline/pipeline_page.h"

#include <algorithm>

#include <QButtonGroup>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/describe.h"
#include "ui/pipeline/plan_card.h"
#include "ui/pipeline/template_bar.h"
#include "ui/project/project.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kFieldWidth = 240;
constexpr double kThousand = 1000; // tokens are counted in them here

double usdOf(const Limits& limits) { return limits.money ? limits.money->inUsd() : 0; }
double thousandTokensOf(const Limits& limits) { return limits.tokens ? double(*limits.tokens) / kThousand : 0; }
double minutesOf(const Limits& limits) { return limits.wallTime ? double(limits.wallTime->count()) / 60'000 : 0; }

void setUsd(Limits& limits, double usd) { limits.money = usd > 0 ? std::optional(Money::usd(usd)) : std::nullopt; }
void setThousandTokens(Limits& limits, double thousands) { limits.tokens = thousands > 0 ? std::optional(std::int64_t(thousands * kThousand)) : std::nullopt; }
void setMinutes(Limits& limits, double minutes) { limits.wallTime = minutes > 0 ? std::optional(Milliseconds(std::int64_t(minutes * 60'000))) : std::nullopt; }

QFormLayout* formIn(QWidget* box)
{
    auto* form = new QFormLayout(box);
    form->setContentsMargins(16, 12, 16, 12);
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(8);
    return form;
}

} // namespace

PipelinePage::PipelinePage(Project& project, const QString& templates, QWidget* parent) :
    QWidget(parent),
    m_project(project),
    m_tabs(new QTabWidget(this))
{
    setObjectName("pagePipeline");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addLayout(makeBar(templates));
    column->addLayout(makeCards());
    m_tabs->setObjectName("pipelineTabs");
    m_tabs->setAccessibleName(tr("Parts of the pipeline"));
    m_tabs->addTab(scrolled(makeStageForm()), tr("Model and limits"));
    m_tabs->addTab(makeTaskForm(), tr("Task"));
    m_tabs->addTab(scrolled(makeDoneForm()), tr("Done when"));
    m_tabs->addTab(scrolled(makeLimitsForm()), tr("Whole run"));
    column->addWidget(m_tabs, 1);
    connect(&m_project, &Project::pipelineChanged, this, &PipelinePage::refresh);
    connect(&m_project, &Project::opened, this, &PipelinePage::refresh);
    choose(StageId::Architecture);
}

QLayout* PipelinePage::makeBar(const QString& templates)
{
    auto* heading = new QLabel(tr("Pipeline"), this);
    heading->setFont(headingFont(heading->font()));
    m_verdict = new QLabel(this);
    m_verdict->setObjectName("pipelineVerdict");
    m_verdict->setTextFormat(Qt::PlainText);
    auto* choice = new TemplateBar(m_project, templates, this);
    connect(choice, &TemplateBar::failed, this, &PipelinePage::failed);
    auto* bar = new QHBoxLayout;
    bar->setSpacing(16);
    bar->addWidget(heading);
    bar->addWidget(m_verdict, 1);
    bar->addWidget(choice);
    return bar;
}

QLayout* PipelinePage::makeCards()
{
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    auto* group = new QButtonGroup(this);
    for (const auto stage : kPipelineStages) {
        auto* card = new PlanCard(stage, this);
        group->addButton(card);
        row->addWidget(card, 1);
        m_cards << card;
        connect(card, &QAbstractButton::toggled, this, [this, stage](bool on) {
            if (on)
                choose(stage);
        });
        connect(card, &PlanCard::gateAsked, this, [this, card] {
            card->setChecked(true);
            change("", chosen(m_project.pipeline()).gateBefore ? tr("remove gate") : tr("add gate"), [this](Spec& spec) { chosen(spec).gateBefore = !chosen(spec).gateBefore; });
        });
    }
    return row;
}

QWidget* PipelinePage::scrolled(QWidget* form)
{
    auto* area = new QScrollArea(this);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(form);
    return area;
}

QWidget* PipelinePage::makeStageForm()
{
    auto* box = new QWidget(this);
    auto* form = formIn(box);
    addSwitch(form, "stageUsed", tr("&Use this stage"), [this](const Spec& spec) { return chosen(spec).enabled; }, [this](Spec& spec, bool on) { chosen(spec).enabled = on; });
    addSwitch(form, "stageGate", tr("&Ask me before it begins"), [this](const Spec& spec) { return chosen(spec).gateBefore; }, [this](Spec& spec, bool on) { chosen(spec).gateBefore = on; });
    addLine(form, "stageModel", tr("&Model"), [this](const Spec& spec) { return text(chosen(spec).model); }, [this](Spec& spec, const std::string& model) { chosen(spec).model = model; });
    m_shows.emplace_back([this](const Spec&) { findChild<QLineEdit*>(QStringLiteral("stageModel"))->setPlaceholderText(m_model); });
    const QString asTheRun = tr("as the settings say");
    addChoice(form, "stageEffort", tr("&Effort"), {{asTheRun, {}}, {tr("low"), QStringLiteral("low")}, {tr("medium"), QStringLiteral("medium")}, {tr("high"), QStringLiteral("high")}, {tr("very high"), QStringLiteral("xhigh")}, {tr("most"), QStringLiteral("max")}},
              [this](const Spec& spec) { return chosen(spec).effort; }, [this](Spec& spec, const std::string& effort) { chosen(spec).effort = effort; });
    addNumber(form, "stageTurns", tr("Most &turns"), 200, 0, {}, {}, [this](const Spec& spec) { return double(chosen(spec).maxTurns); }, [this](Spec& spec, double turns) { chosen(spec).maxTurns = std::max(1, int(turns)); });
    const auto none = tr("no limit");
    addNumber(form, "stageUsd", tr("Most &money"), 100'000, 2, tr(" $"), none, [this](const Spec& spec) { return usdOf(chosen(spec).limits); }, [this](Spec& spec, double usd) { setUsd(chosen(spec).limits, usd); });
    addNumber(form, "stageTokens", tr("Most to&kens"), 1e9, 0, tr(" thousand"), none, [this](const Spec& spec) { return thousandTokensOf(chosen(spec).limits); }, [this](Spec& spec, double tokens) { setThousandTokens(chosen(spec).limits, tokens); });
    addNumber(form, "stageMinutes", tr("Most t&ime"), 100'000, 0, tr(" min"), none, [this](const Spec& spec) { return minutesOf(chosen(spec).limits); }, [this](Spec& spec, double minutes) { setMinutes(chosen(spec).limits, minutes); });
    return box;
}

QWidget* PipelinePage::makeTaskForm()
{
    auto* box = new QWidget(this);
    auto* about = new QLabel(tr("What the agent of this stage is told to do, besides the requirements and what the stages before it handed over."), box);
    about->setWordWrap(true);
    about->setForegroundRole(QPalette::PlaceholderText);
    m_task = new QPlainTextEdit(box);
    m_task->setObjectName("stageTask");
    m_task->setAccessibleName(tr("Task of the stage"));
    m_task->setPlaceholderText(tr("Empty: the usual task of this stage"));
    m_task->setTabChangesFocus(true);
    m_task->setUndoRedoEnabled(false); // the pipeline's own does it
    m_task->installEventFilter(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(about);
    column->addWidget(m_task, 1);
    connect(m_task, &QPlainTextEdit::textChanged, this, [this] {
        change("task", tr("task"), [this](Spec& spec) { chosen(spec).task = m_task->toPlainText().toStdString(); });
    });
    m_shows.emplace_back([this](const Spec& spec) {
        if (const auto task = text(chosen(spec).task); task != m_task->toPlainText())
            m_task->setPlainText(task);
    });
    return box;
}

QWidget* PipelinePage::makeDoneForm()
{
    auto* box = new QWidget(this);
    auto* form = formIn(box);
    auto* about = new QLabel(tr("A stage is done when the program's own checks have passed; a model's word does not count."), box);
    about->setWordWrap(true);
    about->setForegroundRole(QPalette::PlaceholderText);
    form->addRow(about);
    addNumber(form, "coverage", tr("Testing: least &coverage of lines"), 100, 1, tr(" %"), {}, [](const Spec& spec) { return spec.coverageThreshold; }, [](Spec& spec, double percent) { spec.coverageThreshold = percent; });
    addSwitch(form, "securityScan", tr("Testing: search for &weaknesses"), [](const Spec& spec) { return spec.securityScan; }, [](Spec& spec, bool on) { spec.securityScan = on; });
    addLine(form, "environment", tr("Deployment: en&vironment"), [](const Spec& spec) { return text(spec.environment); }, [](Spec& spec, const std::string& name) {
        if (!name.empty())
            spec.environment = name;
    });
    addChoice(form, "platform", tr("Deployment: &platform"), {{tr("Docker"), QStringLiteral("docker")}, {tr("Kubernetes"), QStringLiteral("kubernetes")}}, [](const Spec& spec) { return spec.platform; }, [](Spec& spec, const std::string& platform) { spec.platform = platform; });
    addNumber(form, "healthTimeout", tr("Deployment: &healthy within"), 3600, 0, tr(" s"), {}, [](const Spec& spec) { return double(spec.healthTimeout.count()) / 1000; }, [](Spec& spec, double seconds) { spec.healthTimeout = std::chrono::seconds(std::max(1, int(seconds))); });
    addNumber(form, "auditSeconds", tr("Monitoring: pro&bed for"), 3600, 0, tr(" s"), {}, [](const Spec& spec) { return double(spec.monitoringAuditSeconds); }, [](Spec& spec, double seconds) { spec.monitoringAuditSeconds = std::max(1, int(seconds)); });
    addNumber(form, "resubmits", tr("Hand in again after failed checks, at &most"), 10, 0, tr(" times"), {}, [](const Spec& spec) { return double(spec.maxResubmits); }, [](Spec& spec, double times) { spec.maxResubmits = int(times); });
    addNumber(form, "repairs", tr("&Repairs by Coding, at most"), 10, 0, tr(" times"), {}, [](const Spec& spec) { return double(spec.maxRepairRounds); }, [](Spec& spec, double times) { spec.maxRepairRounds = int(times); });
    return box;
}

QWidget* PipelinePage::makeLimitsForm()
{
    auto* box = new QWidget(this);
    auto* form = formIn(box);
    const auto none = tr("no limit");
    addNumber(form, "runUsd", tr("Most &money"), 100'000, 2, tr(" $"), none, [](const Spec& spec) { return usdOf(spec.limits); }, [](Spec& spec, double usd) { setUsd(spec.limits, usd); });
    addNumber(form, "runTokens", tr("Most to&kens"), 1e9, 0, tr(" thousand"), none, [](const Spec& spec) { return thousandTokensOf(spec.limits); }, [](Spec& spec, double tokens) { setThousandTokens(spec.limits, tokens); });
    addNumber(form, "runMinutes", tr("Most t&ime"), 100'000, 0, tr(" min"), none, [](const Spec& spec) { return minutesOf(spec.limits); }, [](Spec& spec, double minutes) { setMinutes(spec.limits, minutes); });
    return box;
}

void PipelinePage::addNumber(QFormLayout* form, const char* name, const QString& label, double max, int decimals, const QString& suffix, const QString& whenNone,
                             std::function<double(const Spec&)> shown, std::function<void(Spec&, double)> take)
{
    auto* box = new QDoubleSpinBox(this);
    box->setObjectName(name);
    box->setAccessibleName(QString(label).remove(u'&'));
    box->setDecimals(decimals);
    box->setRange(0, max);
    box->setSuffix(suffix);
    box->setSpecialValueText(whenNone);
    box->setGroupSeparatorShown(true);
    box->setFixedWidth(kFieldWidth);
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(this);
    form->addRow(label, box);
    connect(box, &QDoubleSpinBox::valueChanged, this, [this, name, box, take = std::move(take)](double value) {
        change(name, box->accessibleName(), [&](Spec& spec) { take(spec, value); });
    });
    m_shows.emplace_back([box, shown = std::move(shown)](const Spec& spec) { box->setValue(shown(spec)); });
}

void PipelinePage::addSwitch(QFormLayout* form, const char* name, const QString& label, std::function<bool(const Spec&)> shown, std::function<void(Spec&, bool)> take)
{
    auto* box = new QCheckBox(label, this);
    box->setObjectName(name);
    form->addRow(box);
    connect(box, &QCheckBox::toggled, this, [this, box, take = std::move(take)](bool on) {
        change("", QString(box->text()).remove(u'&'), [&](Spec& spec) { take(spec, on); });
    });
    m_shows.emplace_back([box, shown = std::move(shown)](const Spec& spec) { box->setChecked(shown(spec)); });
}

void PipelinePage::addLine(QFormLayout* form, const char* name, const QString& label, std::function<QString(const Spec&)> shown, std::function<void(Spec&, const std::string&)> take)
{
    auto* line = new QLineEdit(this);
    line->setObjectName(name);
    line->setAccessibleName(QString(label).remove(u'&'));
    line->setFixedWidth(kFieldWidth);
    form->addRow(label, line);
    connect(line, &QLineEdit::editingFinished, this, [this, name, line, take = std::move(take)] {
        change(name, line->accessibleName(), [&](Spec& spec) { take(spec, line->text().trimmed().toStdString()); });
    });
    m_shows.emplace_back([line, shown = std::move(shown)](const Spec& spec) { line->setText(shown(spec)); });
}

void PipelinePage::addChoice(QFormLayout* form, const char* name, const QString& label, const QList<std::pair<QString, QString>>& choices,
                             std::function<std::string(const Spec&)> shown, std::function<void(Spec&, const std::string&)> take)
{
    auto* box = new QComboBox(this);
    box->setObjectName(name);
    box->setAccessibleName(QString(label).remove(u'&'));
    box->setFixedWidth(kFieldWidth);
    box->setFocusPolicy(Qt::StrongFocus);
    box->installEventFilter(this);
    for (const auto& [words, value] : choices)
        box->addItem(words, value);
    form->addRow(label, box);
    connect(box, &QComboBox::currentIndexChanged, this, [this, name, box, take = std::move(take)] {
        change(name, box->accessibleName(), [&](Spec& spec) { take(spec, box->currentData().toString().toStdString()); });
    });
    m_shows.emplace_back([box, shown = std::move(shown)](const Spec& spec) { box->setCurrentIndex(std::max(0, box->findData(text(shown(spec))))); });
}

/// The wheel scrolls the form; it must not change a field on the way. And what the task's editor cannot undo, the pipeline can.
bool PipelinePage::eventFilter(QObject* watched, QEvent* event)
{
    const bool isWheel = event->type() == QEvent::Wheel && watched != m_task;
    const auto* key = event->type() == QEvent::ShortcutOverride && watched == m_task ? static_cast<QKeyEvent*>(event) : nullptr;
    const bool isUndo = key != nullptr && (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo));
    if (!isWheel && !isUndo)
        return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

void PipelinePage::change(const char* field, const QString& what, const std::function<void(Spec&)>& change)
{
    if (m_isShowing)
        return;
    const bool merges = *field != '\0';
    const auto changed = m_project.changePipeline(tr("%1 (%2)", "what is changed, and in which stage").arg(what, word(title(m_stage))),
                             merges ? QLatin1String(field) + u'.' + text(slug(m_stage)) : QString(), change);
    refresh(); // a field may have been brought back into its range
    if (!changed)
        m_verdict->setText(describe(changed.error()));
}

StageSpec& PipelinePage::chosen(Spec& spec) const
{
    return *std::ranges::find(spec.stages, m_stage, &StageSpec::id);
}

const StageSpec& PipelinePage::chosen(const Spec& spec) const
{
    return *spec.stage(m_stage);
}

void PipelinePage::choose(StageId stage)
{
    m_stage = stage;
    refresh();
}

void PipelinePage::setModelName(const QString& model)
{
    m_model = model;
    refresh();
}

void PipelinePage::refresh()
{
    if (m_isShowing)
        return;
    m_isShowing = true;
    const auto spec = m_project.pipeline();
    for (auto* card : std::as_const(m_cards)) {
        card->show(*spec.stage(card->stage()));
        card->setChecked(card->stage() == m_stage);
    }
    for (const auto& show : m_shows)
        show(spec);
    m_tabs->setTabText(0, tr("%1: model and limits").arg(word(title(m_stage))));
    m_tabs->setTabText(1, tr("%1: task").arg(word(title(m_stage))));
    const auto used = std::ranges::count_if(spec.stages, &StageSpec::enabled);
    const auto limit = spec.limits.money ? tr("at most %1").arg(moneyText(*spec.limits.money)) : tr("no limit of money");
    m_verdict->setText(tr("Ready: %1 of %2 stages, %3").arg(used).arg(spec.stages.size()).arg(limit));
    m_isShowing = false;
}

void PipelinePage::undo()
{
    m_project.undoStack().undo();
}

void PipelinePage::redo()
{
    m_project.undoStack().redo();
}

} // namespace aap
