#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/support/messages_api_script.h"

namespace aap {

/// Plays a recording as a model would that remembers nothing: each request is answered by what its conversation says, so that the
/// same question gets the same answer however often it is asked. What was interrupted it asks for once more, for nothing.
/// Thread-safe.
class Interlocutor {
public:
    explicit Interlocutor(const Recording& recording);

    Step answer(const SeenRequest& request);
    /// "coding/1/3", stage, visit and turn, of each request since the last time.
    std::vector<std::string> takeAsked();

private:
    struct Place {
        std::string stage{};
        int visit = 1;
        std::size_t turn = 0;      ///< of the recording
        std::size_t turnAsked = 0; ///< with those asked for once more
    };
    static Place placeOf(const Json& request);

    std::map<std::string, std::vector<RecordedTurn>> m_visits{}; ///< "coding/1" -> its turns
    std::mutex m_mutex{};
    std::vector<std::string> m_asked{}; ///< guarded by m_mutex
};

} // namespace aap
