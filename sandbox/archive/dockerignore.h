#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace aap {

/// The rules of a .dockerignore: one pattern a line, '#' comments, '!' takes back; '*', '?', '[a-z]' within a name, '**' for any
/// number of folders. A pattern that matches a folder matches everything in it; the last matching rule decides.
/// Matching takes time proportional to the sizes of pattern and path, whatever a hostile file says.
class Dockerignore {
public:
    Dockerignore() = default;
    /// Errors: Limit (more than 500 patterns).
    static Result<Dockerignore> parse(std::string_view text);

    /// `path` relative, '/'-separated, without '.' and '..'.
    bool ignores(std::string_view path) const;
    /// Whether something inside an ignored folder may be wanted all the same.
    bool takeBack() const { return m_takeBack; }

private:
    struct Rule {
        std::vector<std::string> names{};
        bool wanted = false; ///< began with '!'
    };
    std::vector<Rule> m_rules{};
    bool m_takeBack = false;
};

} // namespace aap
