#include "core/store/copy_tree.h"

#include <fmt/format.h>

namespace aap {
namespace {

using Walk = Folder::Walk;

class TreeCopy {
public:
    TreeCopy(const Folder& from, const Folder& into, const std::string& prefix, const CopyRules& rules)
        : m_from(from), m_into(into), m_prefix(prefix.empty() ? prefix : prefix + "/"), m_rules(rules)
    {
    }

    Result<std::vector<std::string>> copy(const std::stop_token& stop)
    {
        auto walked = m_from.walk("", [&](const Folder::Entry& entry) {
            if (stop.stop_requested())
                m_outcome = Error{ErrorCode::Stopped, "stopped while copying the project"};
            return m_outcome ? visit(entry) : Walk::Stop;
        });
        if (walked && !m_outcome)
            walked = m_outcome;
        if (!walked)
            return std::move(walked).error().during("copy " + m_from.path().string());
        return std::move(m_notes);
    }

private:
    Walk visit(const Folder::Entry& entry)
    {
        if (auto reason = reasonToLeaveOut(entry, m_rules.tree); !reason.empty()) {
            m_notes.push_back(entry.path + ": " + reason);
            return Walk::Skip;
        }
        if (entry.kind == Folder::Kind::Folder)
            return enters(entry) ? Walk::Into : Walk::Skip;
        if (entry.kind == Folder::Kind::Link)
            m_outcome = m_into.writeLink(m_prefix + entry.path, entry.target, {.owner = m_rules.owner});
        else
            m_outcome = copyFile(entry);
        return Walk::Into;
    }

    bool enters(const Folder::Entry& entry)
    {
        std::error_code failed;
        if (!m_rules.except.empty() && std::filesystem::equivalent(m_from.path() / entry.path, m_rules.except, failed) && !failed)
            return false;
        if (m_rules.tree.byproducts)
            return true;
        const auto content = m_from.list(entry.path);
        if (!content || !isMadeByTool(*content))
            return true;
        m_notes.push_back(entry.path + ": made by a tool");
        return false;
    }

    Result<void> copyFile(const Folder::Entry& entry)
    {
        const auto content = m_from.read(entry.path, m_rules.tree.mostFileBytes, Folder::Links::Refuse);
        if (!content) { // gone meanwhile, a hard link, not ours to read
            m_notes.push_back(content.error().text());
            return {};
        }
        m_bytes += content->size();
        if (m_bytes > m_rules.mostBytes)
            return Error{ErrorCode::Limit, fmt::format("its files have more than {} MiB together", m_rules.mostBytes >> 20U)};
        return m_into.write(m_prefix + entry.path, *content, {.mode = (entry.mode & 0100U) != 0 ? 0755U : 0644U, .owner = m_rules.owner});
    }

    const Folder& m_from;
    const Folder& m_into;
    std::string m_prefix;
    const CopyRules& m_rules;
    std::vector<std::string> m_notes{};
    std::uint64_t m_bytes = 0;
    Result<void> m_outcome{};
};

} // namespace

Result<std::vector<std::string>> copyTree(const Folder& from, const Folder& into, const std::string& prefix, const CopyRules& rules,
                                          const std::stop_token& stop)
{
    return TreeCopy(from, into, prefix, rules).copy(stop);
}

} // namespace aap
