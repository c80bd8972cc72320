#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/pipeline/check_context.h"

namespace aap {

/// SHA-256 of the test's id and the first line of its failure, without what differs from run to run: numbers, addresses, paths.
std::string failureSignature(const TestEvidence::Case& failure);

/// The failing tests of an evidence, for the journal; what passed is left out.
Json evidenceJson(const TestEvidence& evidence);
TestEvidence evidenceFrom(const Json& json);

struct RepairRound {
    int round = 1;
    int maxRounds = 3;
    std::vector<std::string> frozen{}; ///< paths relative to repo/ that may not be changed
    std::string since{};               ///< what has changed since the last snapshot all tests of which passed; may be empty
    std::vector<std::string> tried{};  ///< one line for each earlier round
};
/// repair.json: the failing tests with command, exit code, end of the output, frames and requirements (contract `repair`).
Json repairDocument(const TestEvidence& evidence, const Json& testReport, const RepairRound& round);

/// How the rounds of a repair went; decides when another one is of no use, and which state of the project was the best.
class RepairHistory {
public:
    /// The state a round begins from or ended with; `commit` is its snapshot.
    void add(const TestEvidence& evidence, const std::string& commit);
    /// Why the loop ends early; nothing when another round may help. Asked after each round.
    std::optional<std::string> whyStop() const;
    /// The snapshot with the fewest failing tests, the latest of equals.
    const std::string& bestCommit() const { return m_best; }

private:
    std::vector<std::set<std::string>> m_signatures{};
    std::vector<std::string> m_commits{};
    std::string m_best{};
    std::size_t m_fewest = 0;
};

} // namespace aap
