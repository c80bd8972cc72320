#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/domain/stage.h"

namespace aap {

struct JsonDocument;

enum class PolicyAction { Allow, Ask, Deny }; ///< the later, the stricter
std::string_view slug(PolicyAction action);   ///< "allow", "ask", "deny"

/// A line of the policy. What is empty fits everything; what is given must fit all together.
struct PolicyRule {
    PolicyAction action{};
    std::string reason{};               ///< told to the agent, or to the user who is asked
    std::string tool{};                 ///< pattern: "run_*"
    std::string stage{};                ///< slug
    std::vector<std::string> command{}; ///< a pattern for each word; a last "**" stands for any rest
    std::string path{};                 ///< relative to the repository; "*" stays in a folder, "**" does not
    std::string domain{};               ///< "*.example.org"

    bool isAboutTools() const { return command.empty() && path.empty() && domain.empty(); }
};

/// What the policy says about a call.
struct PolicyVerdict {
    PolicyAction action = PolicyAction::Allow;
    std::string reason{};
    std::string about{}; ///< what decided: "git push origin", "secrets/key.pem", "run_command"
};

/// What agents may do without asking: the user's own rules beyond the sandbox's walls, which hold whatever a policy says.
///
/// A call is taken apart into the commands it would start, the files it names and the hosts of its addresses. For each the first rule
/// that fits decides, and of all of them the strictest. A word that only a shell could tell fits every rule that asks or denies.
/// docs/policy.md explains the file.
class Policy {
public:
    /// Without rules everything is allowed.
    Policy() = default;
    /// Strict; errors name line and place. `name` is what messages call the file.
    static Result<Policy> parse(std::string_view json, std::string name = "policy.json");

    PolicyVerdict judge(StageId stage, std::string_view tool, const Json& input) const;
    bool isEmpty() const { return m_rules.empty() && m_otherwise == PolicyAction::Allow; }

private:
    Result<void> read(const JsonDocument& document);

    std::vector<PolicyRule> m_rules{};
    PolicyAction m_otherwise = PolicyAction::Allow; ///< for what no rule fits
};

} // namespace aap
