#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <QRegularExpression>

namespace aap {

/// What .gitignore files say, read by ourselves: git is never run in a tree an agent wrote.
class IgnoreRules {
public:
    /// `folder` is where the file lies, relative to the repository, "" for its root. Later rules win over earlier ones.
    void add(std::string_view gitignore, std::string_view folder);
    /// `path` is relative to the repository. A path inside an ignored folder is ignored when the folder is asked for first.
    bool ignores(std::string_view path, bool isFolder) const;

private:
    struct Rule {
        QRegularExpression matches{};
        bool foldersOnly = false;
        bool exception = false; ///< "!pattern"
    };
    std::vector<Rule> m_rules{};
};

/// Folders of tools and builds, of which a listing only says how much is in them.
bool isByproductFolder(std::string_view name);

} // namespace aap
