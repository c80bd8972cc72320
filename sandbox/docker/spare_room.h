#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "sandbox/docker/room.h"

namespace aap {

/// One room that is made ahead, while nobody waits for it. Thread-safe; destroying it removes the room.
class SpareRoom {
public:
    using Make = std::function<Result<std::unique_ptr<Room>>(const std::stop_token& stop)>;

    SpareRoom() = default;
    ~SpareRoom() { drop(); }
    SpareRoom(const SpareRoom&) = delete;
    SpareRoom& operator=(const SpareRoom&) = delete;

    /// Begins to make one on a thread of its own, in the place of the one there was. `key`: everything that such a room is.
    void prepare(std::string key, Make make);
    /// The one that `key` describes, waiting for it when it is being made; nothing when there is none, or it could not be made.
    std::unique_ptr<Room> take(const std::string& key);
    /// Of that run, or whatever there is.
    void drop(const std::string& keyPrefix = {});

private:
    struct Making {
        std::string key{};
        std::stop_source stop{};
        std::future<std::unique_ptr<Room>> room{};
    };

    std::mutex m_mutex{}; ///< guards m_making, and is never held while one waits
    std::unique_ptr<Making> m_making{};
};

} // namespace aap
