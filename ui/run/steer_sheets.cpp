#include "ui/run/steer_sheets.h"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QLocale>

#include "ui/describe.h"
#include "ui/widgets/form_sheet.h"

namespace aap {
namespace {

constexpr double kRaisedBy = 1.5; // what is proposed

struct SteerSheets {
    Q_DECLARE_TR_FUNCTIONS(SteerSheets)
};

bool isOver(const StageState& stage)
{
    return stage.status == StageStatus::Passed || stage.status == StageStatus::Waived || stage.status == StageStatus::Skipped;
}

void addLimits(std::vector<HeldLimit>& held, std::optional<StageId> stage, const Limits& limits)
{
    if (limits.money)
        held.push_back({stage, {"usd", limits.money->inUsd()}});
    if (limits.tokens)
        held.push_back({stage, {"tokens", double(*limits.tokens)}});
    if (limits.calls)
        held.push_back({stage, {"calls", double(*limits.calls)}});
    if (limits.wallTime)
        held.push_back({stage, {"minutes", double(limits.wallTime->count()) / 60'000}});
}

QString nameOf(StageId stage)
{
    return word(title(stage));
}

void offerStages(QComboBox& box, const std::vector<StageId>& stages)
{
    for (const auto stage : stages)
        box.addItem(nameOf(stage), int(stage));
}

QDoubleSpinBox* numberBox(QWidget* parent)
{
    auto* box = new QDoubleSpinBox(parent);
    box->setRange(0.01, 1e9);
    box->setGroupSeparatorShown(true);
    return box;
}

void propose(QDoubleSpinBox& box, const LimitRaised& now)
{
    const bool isMoney = now.limit == "usd";
    box.setDecimals(isMoney ? 2 : 0);
    box.setPrefix(isMoney ? QStringLiteral("$") : QString());
    box.setMaximum(now.limit == "turns" ? 200 : 1e9); // as max_iterations has it
    box.setValue(isMoney ? std::ceil(now.to * kRaisedBy * 100) / 100 : std::ceil(now.to * kRaisedBy));
}

} // namespace

std::vector<HeldLimit> heldLimits(const RunState& state)
{
    std::vector<HeldLimit> held;
    const auto pipeline = parsePipelineSpec(state.started.pipeline.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!pipeline)
        return held;
    addLimits(held, {}, pipeline->limits);
    for (const auto& stage : pipeline->stages) {
        const auto* seen = state.stage(stage.id);
        if (seen == nullptr || isOver(*seen))
            continue;
        held.push_back({stage.id, {"turns", double(stage.maxTurns)}});
        addLimits(held, stage.id, stage.limits);
    }
    return held;
}

QString limitWords(const HeldLimit& limit)
{
    const auto whose = limit.stage ? nameOf(*limit.stage) : SteerSheets::tr("the run");
    const auto number = QLocale().toString(limit.now.to, 'f', 0);
    if (limit.now.limit == "usd")
        return SteerSheets::tr("Budget of %1: %2").arg(whose, moneyText(Money::usd(limit.now.to)));
    if (limit.now.limit == "tokens")
        return SteerSheets::tr("Tokens of %1: %2").arg(whose, number);
    if (limit.now.limit == "calls")
        return SteerSheets::tr("Model calls of %1: %2").arg(whose, number);
    if (limit.now.limit == "minutes")
        return SteerSheets::tr("Minutes of %1: %2").arg(whose, number);
    return SteerSheets::tr("Turns of %1: %2").arg(whose, number);
}

bool askForLimit(QWidget& owner, const RunState& state, const QString& verb, std::function<void(std::optional<StageId>, LimitRaised)> chosen)
{
    const auto held = heldLimits(state);
    if (held.empty())
        return false;
    auto* sheet = new FormSheet(QStringLiteral("limitSheet"), SteerSheets::tr("Raise a limit"),
                                SteerSheets::tr("The run may then use so much in all, what it has used already included. It holds from the next turn on."), verb, &owner);
    auto* which = new QComboBox(sheet);
    for (const auto& limit : held)
        which->addItem(limitWords(limit));
    auto* number = numberBox(sheet);
    propose(*number, held.front().now);
    QObject::connect(which, &QComboBox::currentIndexChanged, number, [held, number](int index) { propose(*number, held[std::size_t(index)].now); });
    sheet->add(SteerSheets::tr("&Limit"), which, QStringLiteral("limitWhich"));
    sheet->add(SteerSheets::tr("&New value"), number, QStringLiteral("limitValue"));
    sheet->ask([held, which, number, chosen = std::move(chosen)] {
        auto raised = held[std::size_t(which->currentIndex())];
        raised.now.to = number->value();
        chosen(raised.stage, raised.now);
    });
    return true;
}

bool askWhatToSkip(QWidget& owner, const RunState& state, std::function<void(StageId)> chosen)
{
    std::vector<StageId> stages;
    for (const auto& stage : state.stages)
        if (!isOver(stage) && !stage.skipAsked)
            stages.push_back(stage.id);
    if (stages.empty())
        return false;
    auto* sheet = new FormSheet(QStringLiteral("skipSheet"), SteerSheets::tr("Skip a stage"),
                                SteerSheets::tr("What runs of the stage ends with this turn, and the run goes on without it. It can then complete with waivers at best."),
                                SteerSheets::tr("&Skip stage"), &owner);
    auto* which = new QComboBox(sheet);
    offerStages(*which, stages);
    if (state.currentStage)
        which->setCurrentIndex(std::max(0, which->findData(int(*state.currentStage))));
    sheet->add(SteerSheets::tr("S&tage"), which, QStringLiteral("skipStage"));
    sheet->ask([which, chosen = std::move(chosen)] { chosen(StageId(which->currentData().toInt())); });
    return true;
}

bool askWhatToSendBack(QWidget& owner, const RunState& state, std::function<void(StageId, const QString&)> chosen)
{
    std::vector<StageId> stages;
    for (const auto& stage : state.stages)
        if (stage.startedAt)
            stages.push_back(stage.id);
    if (stages.empty())
        return false;
    auto* sheet = new FormSheet(QStringLiteral("sendBackSheet"), SteerSheets::tr("Send back"),
                                SteerSheets::tr("The stage begins anew and reads your words; the stages after it follow. The stage at work simply reads them with its next turn."),
                                SteerSheets::tr("&Send back"), &owner);
    auto* which = new QComboBox(sheet);
    offerStages(*which, stages);
    which->setCurrentIndex(which->count() - 1);
    auto* comment = new QLineEdit(sheet);
    comment->setPlaceholderText(SteerSheets::tr("What shall change"));
    sheet->add(SteerSheets::tr("S&tage"), which, QStringLiteral("sendBackStage"));
    sheet->add(SteerSheets::tr("&Comment"), comment, QStringLiteral("sendBackComment"));
    sheet->setReady(false);
    QObject::connect(comment, &QLineEdit::textChanged, sheet, [sheet](const QString& words) { sheet->setReady(!words.trimmed().isEmpty()); });
    sheet->ask([which, comment, chosen = std::move(chosen)] { chosen(StageId(which->currentData().toInt()), comment->text().trimmed()); });
    comment->setFocus();
    return true;
}

} // namespace aap
