#include "sandbox/docker/spare_room.h"

#include <utility>

namespace aap {

void SpareRoom::prepare(std::string key, Make make)
{
    auto making = std::make_unique<Making>();
    making->key = std::move(key);
    making->room = std::async(std::launch::async, [make = std::move(make), stop = making->stop.get_token()]() -> std::unique_ptr<Room> {
        auto made = guarded([&] { return make(stop); });
        return made ? *std::move(made) : nullptr; // whoever wants one makes it himself, and learns why it fails
    });
    std::unique_lock lock(m_mutex);
    std::swap(making, m_making);
    lock.unlock();
    if (making)
        making->stop.request_stop(); // and waits for its thread
}

std::unique_ptr<Room> SpareRoom::take(const std::string& key)
{
    std::unique_lock lock(m_mutex);
    if (!m_making || m_making->key != key)
        return nullptr;
    const auto making = std::exchange(m_making, nullptr);
    lock.unlock();
    return making->room.get();
}

void SpareRoom::drop(const std::string& keyPrefix)
{
    std::unique_lock lock(m_mutex);
    if (!m_making || !m_making->key.starts_with(keyPrefix))
        return;
    const auto making = std::exchange(m_making, nullptr);
    lock.unlock();
    making->stop.request_stop();
}

} // namespace aap
