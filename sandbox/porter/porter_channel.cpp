#include "sandbox/porter/porter_channel.h"

#include <algorithm>

#include "core/base/pause.h"
#include "sandbox/porter/words.h"

namespace aap {
namespace {

constexpr Milliseconds kKillBudget{700};
constexpr Milliseconds kSilence{1500}; // the porter speaks every half second

/// A command on its way through the channel.
class Errand {
public:
    Errand(PorterLine& line, std::uint32_t number, OutputRecord& record, const OutputListener& output) :
        m_line(line), m_talk(number), m_record(record), m_output(output)
    {
    }
    const PorterTalk& talk() const { return m_talk; }
    bool isBroken() const { return m_isBroken; }
    bool isOpen() const { return !m_isBroken && !m_line.hasEnded() && !m_talk.isOver(); }
    bool hasVanished() const { return !m_isBroken && m_line.hasEnded() && !m_talk.isOver(); }
    /// Whether the porter has said nothing for too long; then asked about once in a while.
    bool isSuspiciouslySilent()
    {
        const bool is = isOpen() && m_sinceWord.elapsed() > kSilence;
        if (is)
            m_sinceWord = Stopwatch();
        return is;
    }
    void say(const std::string& words)
    {
        m_words.erase(0, m_words.size() - m_unsaid.size());
        m_words += words;
        m_unsaid = m_words;
    }
    /// What the command still writes is of no interest: it was cut.
    void forgetOutput() { m_records = false; }
    void step(Milliseconds wait)
    {
        const auto moved = m_line.step(m_unsaid, wait, [this](std::string_view bytes) { take(bytes); });
        m_isBroken = m_isBroken || !moved;
    }

private:
    void take(std::string_view bytes)
    {
        m_sinceWord = Stopwatch();
        const auto keep = [this](ExecStream::Source from, std::string_view piece) { keepOutput(from, piece); };
        if (!m_isBroken && !m_talk.feed(bytes, m_sinceStart.elapsed(), keep))
            m_isBroken = true;
    }
    void keepOutput(ExecStream::Source source, std::string_view bytes)
    {
        if (!m_records)
            return;
        m_record.add(source, bytes);
        if (m_output)
            m_output(bytes);
    }

    PorterLine& m_line;
    PorterTalk m_talk;
    OutputRecord& m_record;
    const OutputListener& m_output;
    std::string m_words{};
    std::string_view m_unsaid{};
    const Stopwatch m_sinceStart{};
    Stopwatch m_sinceWord{};
    bool m_records = true;
    bool m_isBroken = false;
};

Ending cutOf(const Command& command, const OutputRecord& record, const Deadline& deadline, const std::stop_token& stop)
{
    if (record.totalBytes() > command.outputLimit)
        return Ending::OutputLimit;
    if (stop.stop_requested())
        return Ending::Stopped;
    return deadline.hasPassed() ? Ending::TimedOut : Ending::Exited;
}

void cutShort(Errand& errand)
{
    errand.forgetOutput();
    errand.say(errand.talk().killing());
    for (const auto deadline = Deadline::in(kKillBudget); errand.isOpen() && !deadline.hasPassed();)
        errand.step(std::min(kStopSlice, deadline.remaining()));
}

PorterChannel::Outcome outcomeOf(const Errand& errand, Ending ending)
{
    using Kind = PorterChannel::Outcome::Kind;
    const auto& talk = errand.talk();
    PorterChannel::Outcome outcome{.ending = ending};
    if (!errand.isBroken() && talk.end()) {
        outcome.kind = Kind::Ended;
        outcome.end = *talk.end();
        if (talk.end()->how == porter::kAtItsTimeout && ending == Ending::Exited)
            outcome.ending = Ending::TimedOut;
        outcome.staysUsable = !talk.end()->leavesSomething;
    } else if (!talk.hasBegun() && ending == Ending::Exited) {
        outcome.staysUsable = !errand.isBroken() && talk.wasRefused();
    } else {
        outcome.kind = errand.hasVanished() ? Kind::Vanished : Kind::Broken;
    }
    return outcome;
}

} // namespace

PorterChannel::Outcome PorterChannel::run(const Command& command, OutputRecord& record, const OutputListener& output, const std::stop_token& stop)
{
    Errand errand(*m_line, ++m_number, record, output);
    errand.say(errand.talk().request(command));
    auto ending = Ending::Exited;
    for (const auto deadline = Deadline::in(command.timeout); errand.isOpen() && ending == Ending::Exited;) {
        errand.step(std::min(kStopSlice, deadline.remaining()));
        ending = cutOf(command, record, deadline, stop);
        if (errand.isSuspiciouslySilent() && m_line->isPorterStopped())
            return {.kind = Outcome::Kind::Broken, .ending = ending};
    }
    if (errand.talk().isOver())
        ending = record.totalBytes() > command.outputLimit ? Ending::OutputLimit : Ending::Exited;
    else if (ending != Ending::Exited)
        cutShort(errand);
    return outcomeOf(errand, ending);
}

} // namespace aap
