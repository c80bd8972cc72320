#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/domain/run_event.h"

namespace aap {

/// One thing that a run came to, to be compared with another run of the same replies: the result of a call, the verdict of a check, how
/// a stage ended and with which files. What differs between any two runs (times, ids, ports) is taken out.
struct RunFact {
    std::string what{}; ///< "coding, call 3: run_command"
    Json value{};       ///< null: it counts not, as that of a call that was interrupted

    friend bool operator==(const RunFact&, const RunFact&) = default;
};

/// Tells the facts out of a run's events, taken in their order.
class FactReader {
public:
    /// `snapshots`: the run's git directory; the files of a stage are told when it can be read.
    explicit FactReader(std::filesystem::path snapshots) : m_snapshots(std::move(snapshots)) {}
    std::optional<RunFact> read(const RunEvent& event);

private:
    Json filesAt(const std::string& commit) const;

    std::filesystem::path m_snapshots;
    std::map<StageId, int> m_calls{}; ///< of each stage, so far
};

/// All of a run. Checks that were made again only because the program was interrupted stand there once.
std::vector<RunFact> factsOf(const std::vector<RunEvent>& events, const std::filesystem::path& snapshots);

Json toJson(const std::vector<RunFact>& facts); ///< [{"what", "value"}…]
/// Nothing when it is no such list.
std::optional<std::vector<RunFact>> parseFacts(const Json& json);

/// How two values of the same fact differ, in the words of each; empty: they are the same, or one of them counts not.
struct FactDifference {
    std::string what{};
    std::string expected{};
    std::string actual{};
};
std::optional<FactDifference> differenceOf(const RunFact& expected, const RunFact& actual);

} // namespace aap
