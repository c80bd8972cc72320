#pragma once

#include <map>
#include <string>

#include "core/sandbox/sandbox.h"

namespace aap {

/// What a sandbox says of itself, looked at from inside, judged: a hardening that has no effect is a fault.
class HardeningReport {
public:
    /// The look: standard output of this, run as a command of the sandbox, is the report.
    static Command look();

    explicit HardeningReport(const std::string& text);

    /// Adds a fault unless the value is the wanted one.
    void want(const std::string& key, const std::string& value, const std::string& meaning);
    /// What holds in every sandbox: who commands are, that they have no privileges, what they can write and reach.
    void wantClosed(unsigned uid, unsigned gid, SandboxPurpose purpose, bool hasNetwork);
    void fault(const std::string& text) { m_faults += (m_faults.empty() ? "" : ", ") + text; }

    std::string value(const std::string& key) const;
    /// All that were added, in words; empty when there are none.
    const std::string& faults() const { return m_faults; }

private:
    std::map<std::string, std::string> m_values{};
    std::string m_faults{};
};

} // namespace aap
