#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/agent/tool.h"

namespace aap {

/// A path as a model writes it, checked on the way in: relative to the repository, or absolute below /workspace. It may not
/// leave, and is free of whatever only an attack would put there. Links are looked at when it is opened.
class WorkspacePath {
public:
    /// ErrorCode::Invalid with a sentence for the model. "" and "." are the repository itself.
    static Result<WorkspacePath> parse(std::string_view text);

    const std::string& shown() const { return m_shown; }     ///< "src/a.py"; "." for the repository
    const std::string& beneath() const { return m_beneath; } ///< relative to the workspace: "repo/src/a.py"
    std::string inSandbox() const { return "/workspace/" + m_beneath; }
    bool isInRepository() const { return m_inRepository; }
    bool isRepository() const { return m_inRepository && m_shown == "."; }
    /// The last component.
    std::string name() const { return m_shown.substr(m_shown.rfind('/') + 1); }

private:
    WorkspacePath(std::string shown, std::string beneath, bool inRepository) :
        m_shown(std::move(shown)), m_beneath(std::move(beneath)), m_inRepository(inRepository)
    {
    }
    std::string m_shown;
    std::string m_beneath;
    bool m_inRepository;
};

/// Why this role may not write there; nothing when it may.
std::optional<std::string> whyNotWritable(const WorkspacePath& path, const ToolContext& context);

/// `shown` is `prefix` or lies below it; "docs/" and "docs" mean the same.
bool liesBelow(std::string_view shown, std::string_view prefix);

} // namespace aap
