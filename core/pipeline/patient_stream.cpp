#include "core/pipeline/patient_stream.h"

#include <cerrno>
#include <memory>
#include <mutex>
#include <string>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <git2.h>
#include <git2/sys/stream.h>

#include "core/store/git.h"

namespace aap {
namespace {

thread_local const GitPatience* patience = nullptr;

int fail(const char* text)
{
    git_error_set_str(GIT_ERROR_NET, text);
    return -1;
}

/// libgit2's socket, made by ourselves so that every wait has an end. TLS is libgit2's own, on top of it.
struct PatientStream : git_stream {
    std::string host{};
    std::string port{};
    int fd = -1;

    bool wait(short events) const
    {
        for (pollfd asked{fd, events, 0};;) {
            if (patience && patience->isOver())
                return false;
            if (::poll(&asked, 1, 100) > 0)
                return true;
        }
    }

    bool connectTo(const addrinfo& address)
    {
        fd = ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
        if (fd < 0)
            return false;
        int error = 0;
        socklen_t size = sizeof error;
        const bool isBegun = ::connect(fd, address.ai_addr, address.ai_addrlen) == 0 || errno == EINPROGRESS;
        if (isBegun && wait(POLLOUT) && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0)
            return true;
        disconnect();
        return false;
    }

    void disconnect()
    {
        if (fd >= 0)
            ::close(fd);
        fd = -1;
    }
};

PatientStream& own(git_stream* stream)
{
    return *static_cast<PatientStream*>(stream);
}

int connectStream(git_stream* stream)
{
    auto& self = own(stream);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(self.host.c_str(), self.port.c_str(), &hints, &found) != 0)
        return fail(("the host " + self.host + " is not known").c_str());
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
    for (const auto* address = addresses.get(); address; address = address->ai_next)
        if (self.connectTo(*address))
            return 0;
    return fail(("no connection to " + self.host).c_str());
}

ssize_t readStream(git_stream* stream, void* into, size_t size)
{
    for (;;) {
        const auto got = ::recv(own(stream).fd, into, size, 0);
        if (got >= 0)
            return got;
        if (errno != EAGAIN && errno != EINTR)
            return fail("the connection broke");
        if (!own(stream).wait(POLLIN))
            return fail("the server did not answer in time");
    }
}

ssize_t writeStream(git_stream* stream, const char* from, size_t size, int /*flags*/)
{
    for (;;) {
        const auto sent = ::send(own(stream).fd, from, size, MSG_NOSIGNAL);
        if (sent >= 0)
            return sent;
        if (errno != EAGAIN && errno != EINTR)
            return fail("the connection broke");
        if (!own(stream).wait(POLLOUT))
            return fail("the server did not take what was sent in time");
    }
}

int closeStream(git_stream* stream)
{
    own(stream).disconnect();
    return 0;
}

void freeStream(git_stream* stream)
{
    own(stream).disconnect();
    const std::unique_ptr<PatientStream> gone(&own(stream));
}

int newStream(git_stream** made, const char* host, const char* port)
{
    auto stream = std::make_unique<PatientStream>();
    stream->version = GIT_STREAM_VERSION;
    stream->connect = &connectStream;
    stream->read = &readStream;
    stream->write = &writeStream;
    stream->close = &closeStream;
    stream->free = &freeStream;
    stream->host = host;
    stream->port = port;
    *made = stream.release(); // libgit2's from here on, until freeStream
    return 0;
}

} // namespace

GitPatience::GitPatience(std::stop_token stop, Deadline deadline) : m_stop(std::move(stop)), m_deadline(deadline)
{
    static std::once_flag once;
    std::call_once(once, [] {
        startGit();
        git_stream_registration registration{GIT_STREAM_VERSION, &newStream, nullptr};
        git_stream_register(GIT_STREAM_STANDARD, &registration);
    });
    patience = this;
}

GitPatience::~GitPatience()
{
    patience = nullptr;
}

} // namespace aap
