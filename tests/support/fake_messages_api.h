#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/messages_api_script.h"

namespace aap {

/// A real HTTP/1.1 server on 127.0.0.1 that plays the Messages API (and Chat Completions) by script, on a thread of its own.
/// Every function may be called from any thread.
///
/// POST /v1/messages and /v1/chat/completions take the next step of the queue, then the next turn of the recording; with
/// neither, the answer is a 400 that says so. GET /v1/models and POST …/count_tokens answer by themselves unless the queue has a
/// step, and never use up a recording.
class FakeMessagesApi {
public:
    /// Listens at once; port 0 lets the kernel choose. Throws when it cannot.
    explicit FakeMessagesApi(int port = 0);
    ~FakeMessagesApi();
    FakeMessagesApi(const FakeMessagesApi&) = delete;
    FakeMessagesApi& operator=(const FakeMessagesApi&) = delete;

    std::string baseUrl() const; ///< "http://127.0.0.1:34567"

    void enqueue(Step step);
    void serveRecording(Recording recording);
    /// Answers every request for a reply that the queue has no step for; called on the server's thread, one request at a time, and must
    /// not call anything of this class.
    void answerWith(std::function<Step(const SeenRequest&)> answer);
    /// Changes the answer that the recording gives to the n-th request for a reply, counted from 1. When it is no complete reply any
    /// more, the turn is served again to the next request.
    void spoil(std::size_t request, std::function<Step(Step)> how);
    /// Requests without this key, in x-api-key or as Bearer, get 401.
    void requireKey(std::string key);
    /// Lets every stalled answer, now and later, end properly.
    void release();

    std::vector<SeenRequest> requests() const;
    int connections() const; ///< accepted so far
    /// Waits until so many requests came in; false after the time.
    bool waitForRequests(std::size_t count, Milliseconds atMost = Milliseconds(10'000)) const;
    /// Waits until so many connections are closed, by whichever side.
    bool waitForClosedConnections(int count, Milliseconds atMost = Milliseconds(10'000)) const;

private:
    class Server;
    std::unique_ptr<Server> m_server;
};

} // namespace aap
