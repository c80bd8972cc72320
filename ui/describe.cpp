#include "ui/describe.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

namespace aap {
namespace {

constexpr int kMostGateFacts = 8;
constexpr int kMostGateLines = 200;

/// Whose sentences these are to translators.
struct Describe {
    Q_DECLARE_TR_FUNCTIONS(Describe)
};

/// "R3 (must)  Passwords are stored as hashes only", or the plain text of an entry that is none of that shape.
QString entryText(const Json& entry)
{
    if (entry.is_string())
        return text(entry.get_ref<const std::string&>());
    QStringList parts;
    for (const auto* key : {"id", "priority", "text"})
        if (const auto found = entry.find(key); entry.is_object() && found != entry.end() && found->is_string())
            parts << text(found->get_ref<const std::string&>());
    return parts.isEmpty() ? text(entry.dump(-1, ' ', false, Json::error_handler_t::replace)) : parts.join(QStringLiteral("  "));
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
        return Describe::tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return Describe::tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return Describe::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60);
}

QString countText(std::int64_t count)
{
    const QLocale locale;
    if (count < 1000)
        return locale.toString(qlonglong(count));
    if (count < 1'000'000)
        return Describe::tr("%1 k").arg(locale.toString(double(count) / 1e3, 'f', 1));
    return Describe::tr("%1 M").arg(locale.toString(double(count) / 1e6, 'f', 1));
}

QString sizeText(std::uint64_t bytes)
{
    return QLocale().formattedDataSize(qint64(bytes), 1, QLocale::DataSizeTraditionalFormat);
}

QString moneyText(Money money)
{
    return text(money.text());
}

QString sentence(std::string_view clause)
{
    auto said = text(clause).trimmed();
    if (said.isEmpty())
        return said;
    static const QRegularExpression startsWithAWord(QStringLiteral("^\\p{Ll}\\p{L}*[ ,;:.]"));
    if (startsWithAWord.match(said).hasMatch()) // not the name of a model or a file
        said[0] = said[0].toUpper();
    if (!said.endsWith(u'.') && !said.endsWith(u'?') && !said.endsWith(u'!'))
        said += u'.';
    return said;
}

QString describe(const Error& error)
{
    auto said = sentence(error.text());
    if (!error.remedy.empty())
        said += u' ' + text(error.remedy);
    return said;
}

QString describe(const Origin& origin)
{
    const auto where = text(origin.where);
    switch (origin.source) {
    case Origin::Source::Flag: return where.startsWith(u'-') ? Describe::tr("from the command line, %1").arg(where) : Describe::tr("for this session only");
    case Origin::Source::Variable: return Describe::tr("from the environment variable %1").arg(where);
    case Origin::Source::File: return Describe::tr("from the file %1").arg(where);
    case Origin::Source::Keychain: return Describe::tr("from the keychain");
    case Origin::Source::Default: return Describe::tr("default");
    }
    return {};
}

QString spokenState(const StageState& stage)
{
    auto spoken = Describe::tr("%1 stage. %2").arg(word(title(stage.id)), word(title(stage.status)));
    if (stage.turn > 0)
        spoken += Describe::tr(", turn %1 of at most %2").arg(stage.turn).arg(stage.maxTurns);
    if (stage.cost.microUsd > 0)
        spoken += Describe::tr(", %1").arg(moneyText(stage.cost));
    return spoken;
}

QStringList gateFacts(const GateOpened& gate)
{
    QStringList facts;
    for (const auto& [key, value] : gate.details.items())
        if (value.is_array())
            facts << text(key) + QStringLiteral(": ") + (value.empty() ? Describe::tr("none") : QString::number(value.size()));
        else if (value.is_primitive())
            facts << text(key) + QStringLiteral(": ") + (value.is_string() ? text(value.get_ref<const std::string&>()) : text(value.dump()));
    return facts.mid(0, kMostGateFacts);
}

QString gateDetail(const GateOpened& gate)
{
    QStringList lines;
    for (const auto& [key, value] : gate.details.items())
        if (value.is_array())
            for (const auto& entry : value)
                lines << entryText(entry);
    return lines.mid(0, kMostGateLines).join(u'\n');
}

QString describeEnding(const RunState& state)
{
    if (!state.ending)
        return Describe::tr("The run is under way.");
    auto sentence = word(title(*state.ending));
    if (!state.reason.empty())
        sentence += QStringLiteral(": ") + text(state.reason);
    if (!sentence.endsWith(u'.'))
        sentence += u'.';
    if (!state.remedy.empty())
        sentence += u' ' + text(state.remedy);
    return sentence;
}

} // namespace aap
