#pragma once

#include <netinet/in.h>

#include "sandbox/proxy/allow_list.h"

namespace aap::proxy {

/// What the proxy tells its program: lines "<allow|deny>\t<host:port>\t<why>\n" in a file that only grows and never beyond its limit.
class DecisionLog {
public:
    explicit DecisionLog(int file) : m_file(file) {}
    /// False: it could not be written, and then nobody may pass. `subject` may be anything.
    bool write(bool isAllowed, std::string_view subject, std::string_view why) const;

private:
    int m_file;
};

/// Serves one connection to its end, in a process of its own. Closes it.
void serveClient(int client, const AllowList& list, const DecisionLog& log);

} // namespace aap::proxy
