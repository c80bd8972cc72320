#include "ui/describe.h"

#include <QCoreApplication>
#include <QLocale>

namespace aap {
namespace {

QString tr(const char* source, const char* disambiguation = nullptr, int n = -1)
{
    return QCoreApplication::translate("describe", source, disambiguation, n);
}

} // namespace

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

QString durationText(Milliseconds span)
{
    const auto seconds = std::chrono::round<std::chrono::seconds>(span).count();
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60);
}

QString countText(std::int64_t count)
{
    const QLocale locale;
    if (count < 1000)
        return locale.toString(qlonglong(count));
    if (count < 1'000'000)
        return tr("%1 k").arg(locale.toString(double(count) / 1e3, 'f', 1));
    return tr("%1 M").arg(locale.toString(double(count) / 1e6, 'f', 1));
}

QString sizeText(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(qint64(bytes), 1, QLocale::DataSizeTraditionalFormat);
}

QString moneyText(Money money)
{
    return text(money.text());
}

QString describe(const Error& error)
{
    auto sentence = text(error.text());
    if (!sentence.endsWith(u'.'))
        sentence += u'.';
    if (!error.remedy.empty())
        sentence += u' ' + text(error.remedy);
    return sentence;
}

QString spokenState(const StageState& stage)
{
    auto spoken = tr("%1 stage. %2").arg(text(title(stage.id)), text(title(stage.status)));
    if (stage.turn > 0)
        spoken += tr(", turn %1 of at most %2").arg(stage.turn).arg(stage.maxTurns);
    if (stage.cost.microUsd > 0)
        spoken += tr(", %1").arg(moneyText(stage.cost));
    return spoken;
}

QString describeEnding(const RunState& state)
{
    if (!state.ending)
        return tr("The run is under way.");
    auto sentence = text(title(*state.ending));
    if (!state.reason.empty())
        sentence += QStringLiteral(": ") + text(state.reason);
    if (!sentence.endsWith(u'.'))
        sentence += u'.';
    if (!state.remedy.empty())
        sentence += u' ' + text(state.remedy);
    return sentence;
}

} // namespace aap
