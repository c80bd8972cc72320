#include "ui/history/fork_sheet.h"

#include <algorithm>

#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>

#include "ui/describe.h"
#include "ui/widgets/form_sheet.h"

namespace aap {
namespace {

struct ForkSheet {
    Q_DECLARE_TR_FUNCTIONS(ForkSheet)
};

QString forkWords(const RunState& state, StageId stage)
{
    return ForkSheet::tr("A new run takes over everything before the stage and goes its own way from there. This run stays as it is. %1").arg(costFrom(state, stage));
}

} // namespace

QString costFrom(const RunState& state, StageId stage)
{
    const auto first = std::ranges::find(state.stages, stage, &StageState::id);
    Money cost;
    Milliseconds time{};
    for (auto at = first; at != state.stages.end(); ++at) {
        cost += at->cost;
        if (at->startedAt && at->finishedAt)
            time += *at->finishedAt - *at->startedAt;
    }
    return ForkSheet::tr("Last time these stages cost %1 and took %2.").arg(moneyText(cost), durationText(time));
}

bool askWhereToFork(QWidget& owner, const RunState& state, std::function<void(const ForkWish&)> chosen)
{
    auto* which = new QComboBox;
    for (const auto& stage : state.stages)
        if (stage.startedAt)
            which->addItem(word(title(stage.id)), int(stage.id));
    if (which->count() == 0) {
        which->deleteLater();
        return false;
    }
    const auto stageOf = [which] { return StageId(which->currentData().toInt()); };
    auto* sheet = new FormSheet(QStringLiteral("forkSheet"), ForkSheet::tr("Run again from a stage"), forkWords(state, stageOf()), ForkSheet::tr("&Run again"), &owner);
    auto* note = new QLineEdit(sheet);
    note->setPlaceholderText(ForkSheet::tr("What its agent shall do differently (optional)"));
    auto* model = new QLineEdit(sheet);
    model->setPlaceholderText(text(state.started.model));
    sheet->add(ForkSheet::tr("From &stage"), which, QStringLiteral("forkStage"));
    sheet->add(ForkSheet::tr("&Note"), note, QStringLiteral("forkNote"));
    sheet->add(ForkSheet::tr("&Model"), model, QStringLiteral("forkModel"));
    QObject::connect(which, &QComboBox::currentIndexChanged, sheet, [sheet, state, stageOf] { sheet->setWords(forkWords(state, stageOf())); });
    sheet->ask([id = state.id, stageOf, note, model, chosen = std::move(chosen)] {
        chosen({.from = id, .stage = stageOf(), .note = note->text().trimmed().toStdString(), .model = model->text().trimmed().toStdString()});
    });
    return true;
}

} // namespace aap
