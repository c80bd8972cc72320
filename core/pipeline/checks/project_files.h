#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/beneath.h"

namespace aap {

/// What running and testing leaves behind: caches, compiled Python, coverage data.
bool isByproduct(std::string_view path);
/// A place for tests: below tests/, test/, spec/ or __tests__/, wherever that lies, or a file that is named like a test.
bool isTestPath(std::string_view path);

/// "added a", "changed b", "deleted c" for all that differs and does not lie below one of the `allowed` prefixes.
std::vector<std::string> changesOutside(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after,
                                        const std::vector<std::string>& allowed);

/// Whether something of this path (a file, a folder, a link that stays inside) is there.
bool existsIn(const Folder& repo, const std::string& path);

/// Members of documents, lenient: an absent or odd one is empty. For contract-valid documents they are what they are.
std::vector<std::string> stringsOf(const Json& object, const char* key);
const Json& listOf(const Json& object, const char* key);
/// Ids of the requirements with priority must.
std::set<std::string> mustIds(const Json& requirements);
std::set<std::string> allIds(const Json& requirements);
/// design.commands.<name>; empty when there is none.
std::vector<std::string> designCommand(const Json& design, const char* name);

} // namespace aap
