#pragma once

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace aap::e2e {

/// A socket in front of the engine's own, for accidents that shall happen to nobody else who uses the engine. Every function may be called
/// from any thread.
class EngineProxy {
public:
    /// Listens at `path`, which is free.
    explicit EngineProxy(std::string path);
    ~EngineProxy();
    EngineProxy(const EngineProxy&) = delete;
    EngineProxy& operator=(const EngineProxy&) = delete;

    std::string host() const { return "unix://" + m_path; }
    /// Cuts every connection, and the socket is gone.
    void vanish();
    void comeBack();
    /// From now on a request whose first line has `part` in it gets these bytes instead of the engine's answer, and then the end of the
    /// connection.
    void answer(const std::string& part, std::string bytes);
    void answerTruly();
    /// How often that was done.
    int lies() const;

private:
    void listen();
    void serve(const std::stop_token& stop);
    void carry(int client, const std::stop_token& stop);
    void pass(int client, const std::string& head, const std::stop_token& stop);
    std::string lieFor(const std::string& head);
    bool join(int descriptor);
    void leave(int descriptor);

    const std::string m_path;
    mutable std::mutex m_mutex{}; ///< guards what follows
    std::map<std::string, std::string> m_answers{};
    std::vector<int> m_open{};
    std::vector<std::jthread> m_carriers{};
    int m_listener = -1;
    int m_lies = 0;
    bool m_isGone = false;
    std::jthread m_server{}; // last: ends before what it uses
};

/// An answer of HTTP with a body of its length.
std::string engineAnswer(const std::string& status, const std::string& body);

} // namespace aap::e2e
