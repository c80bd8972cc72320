#include "sandbox/local/local_room.h"

#include <csignal>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>

#include "sandbox/local/bwrap_line.h"

namespace aap {

Result<std::unique_ptr<LocalRoom>> LocalRoom::open(Plan plan, const std::stop_token& stop)
{
    std::unique_ptr<LocalRoom> room(new LocalRoom(std::move(plan)));
    if (auto started = room->start(stop); !started)
        return std::move(started).error();
    return room;
}

LocalRoom::~LocalRoom() = default;

Result<void> LocalRoom::start(const std::stop_token& stop)
{
    auto line = BwrapLine::open({.spec = m_plan.spec, .settings = m_plan.settings, .filter = m_plan.filter, .joins = m_plan.joins, .keeps = m_plan.keeps}, stop);
    if (!line)
        return std::move(line).error().during("make a sandbox");
    m_line = line->get();
    m_porter = std::make_unique<PorterChannel>(*std::move(line));
    return {};
}

void LocalRoom::end()
{
    m_line = nullptr;
    m_porter.reset();
}

Result<CommandResult> LocalRoom::run(const Command& command, const OutputListener& output, const std::stop_token& stop)
{
    const Stopwatch watch;
    if (command.argv.empty() || !PorterTalk::carries(command))
        return Error{ErrorCode::Invalid, "a command without words, with too many, or with too long an input"};
    CommandResult result;
    OutputRecord record;
    PorterChannel::Outcome outcome;
    std::string complaints;
    for (int tries = 0; tries < 2; ++tries) { // a room that somebody killed from outside is made anew, once
        if (isDown()) {
            if (auto started = start(stop); !started)
                return std::move(started).error();
            result.sandboxRestarted = true;
        }
        (void)m_line->tookTooMuchMemory();
        outcome = m_porter->run(command, record, output, stop);
        if (outcome.kind != PorterChannel::Outcome::Kind::NotRun || outcome.staysUsable)
            break;
        complaints = m_line->complaints();
        end();
    }
    if (outcome.kind == PorterChannel::Outcome::Kind::NotRun && outcome.ending == Ending::Exited)
        return Error{ErrorCode::Unavailable, fmt::format("'{}' could not be started in {}: {}", command.argv.front(), command.workdir,
                                                         complaints.empty() ? "the folder may be missing" : complaints), {"run a command in the sandbox"}};
    settle(outcome, result);
    std::move(record).moveInto(result);
    result.duration = watch.elapsed();
    return result;
}

void LocalRoom::settle(const PorterChannel::Outcome& outcome, CommandResult& result)
{
    using Kind = PorterChannel::Outcome::Kind;
    result.ending = outcome.ending;
    if (outcome.kind == Kind::Ended)
        result.exitCode = outcome.end.exitCode;
    else if (outcome.ending == Ending::Exited)
        result.ending = Ending::Lost;
    if (result.ending == Ending::Exited && m_line->tookTooMuchMemory())
        result.ending = Ending::OutOfMemory;
    const bool jobsMustEnd = m_plan.keeps && outcome.ending != Ending::Exited;
    if (!outcome.staysUsable || jobsMustEnd) {
        end();
        result.sandboxRestarted = true;
    }
}

pid_t LocalRoom::init() const
{
    return isDown() ? 0 : m_line->init();
}

OwnedFile LocalRoom::initHandle() const
{
    return isDown() ? OwnedFile() : m_line->initHandle();
}

std::vector<ProcessRow> LocalRoom::processes() const
{
    return isDown() ? std::vector<ProcessRow>() : descendantsOf(m_line->outer());
}

JoinedNamespaces LocalRoom::namespaces() const
{
    JoinedNamespaces joined;
    if (isDown())
        return joined;
    joined.network = OwnedFile(::open(fmt::format("/proc/{}/ns/net", m_line->init()).c_str(), O_RDONLY | O_CLOEXEC));
    if (joined.network.isOpen())
        joined.user = OwnedFile(::ioctl(joined.network.number(), NS_GET_USERNS));
    return joined;
}

void LocalRoom::signalAll(int signal)
{
    for (const auto& row : processes())
        ::kill(row.pid, signal);
}

} // namespace aap
