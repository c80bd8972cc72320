#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_document.h"
#include "core/config/app_config.h"

namespace aap {

/// An environment variable that sets something.
struct Variable {
    std::string name{};
    std::string provider{}; ///< counts only when this provider is chosen; empty: always
};

/// One key of the configuration: files, environment, flags, the written template and the reference are all made from it.
struct Setting {
    std::string key{}; ///< "max_iterations", "budget.run_usd"
    ValueRule rule{};
    std::string meaning{}; ///< a sentence for people
    std::string flag{};    ///< "--model"; empty: there is none
    std::vector<Variable> variables{}; ///< the first found counts; of secrets NAME_FILE, which names a file, counts as well
    /// What the rule cannot say about a value that obeys it: "must begin with …"; empty: nothing is wrong.
    std::function<std::string(const Json& value)> complaint{};
    std::function<void(AppConfig& config, const Json& value)> set{};
    std::function<Json(const AppConfig& config)> value{}; ///< null: not set, and by default nothing

    std::string_view group() const; ///< "budget"; "" at the top
    std::string_view name() const;  ///< "run_usd"
    /// Of a value as a file or text has it; empty when all is well. Never shows a secret.
    std::string wrongWith(const Json& candidate) const;
};

/// All of them: the keys of the top first, then group by group, as the template shows them.
const std::vector<Setting>& settings();
/// Groups, and keys of the top: what a configuration file may have at its root.
std::vector<std::string> rootKeys();
std::vector<std::string> groups();
/// The names in a group.
std::vector<std::string> keysOf(std::string_view group);

/// Text of a flag or variable as the value that a file would have; text that does not look like one stays text, and the rule
/// will complain. Lists are separated by commas.
Json valueFromText(const ValueRule& rule, std::string_view text);
/// "your-key-here" and the like: what templates hold where a secret belongs.
bool isPlaceholder(std::string_view secret);

} // namespace aap
