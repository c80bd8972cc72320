#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <yaml-cpp/yaml.h>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/pipeline/checks/dockerfile.h"

namespace aap {

/// The documents of a YAML text; at most 256 KiB, 100 documents and 64 levels. Invalid says where it is wrong. Exceptions of
/// the library end here.
Result<std::vector<YAML::Node>> parseYaml(std::string_view text);

/// The same as JSON, with plain scalars read as Kubernetes and others who speak YAML 1.1 read them: `8000` is a number, `yes` a truth,
/// "8000" a text. Invalid: a key twice or a key that is no word; Limit: more than 20,000 values, as aliases of aliases make them.
Result<Json> jsonFromYaml(const YAML::Node& node);

/// Reads somebody's YAML and collects everything that is wrong with it, so that its author mends all at once. Nothing throws:
/// nodes are asked for their kind before they are read.
class StrictYaml {
public:
    void say(const YAML::Node& at, std::string text);
    /// Each member of a mapping; complains about what is no mapping, keys that are no words, and keys that stand there twice.
    /// An empty node is an empty mapping.
    void eachMember(const YAML::Node& map, std::string_view what,
                    const std::function<void(const std::string& key, const YAML::Node& value)>& visit);
    /// The same where only some keys are known; the others are complained about by name.
    using Readers = std::map<std::string, std::function<void(const YAML::Node&)>, std::less<>>;
    void members(const YAML::Node& map, std::string_view what, const Readers& readers);

    std::string text(const YAML::Node& node, std::string_view what);
    bool boolean(const YAML::Node& node, std::string_view what);
    std::vector<std::string> texts(const YAML::Node& node, std::string_view what);

    std::vector<LintFinding> takeFindings() { return std::move(m_findings); }

private:
    std::vector<LintFinding> m_findings;
};

} // namespace aap
