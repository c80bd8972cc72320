#include <map>

#include "tests/e2e/escape/attempt.h"

namespace aap::escape {
namespace {

using Must = Attempt::Must;

struct Otherwise {
    Must must;
    std::string words;
};

/// What is contained in another way than in a container.
const std::map<std::string, Otherwise>& containedOtherwise()
{
    static const std::map<std::string, Otherwise> table = {
        {"passwords", {Must::Say, "0"}},                                             // there is no such file
        {"the home of root", {Must::Say, "1"}},                                      // "No such file"
        {"a command with a network", {Must::Say, "ls: cannot access '/sys/class/net': No such file or directory"}},
        {"no way anywhere", {Must::Say, "0\nls: cannot access '/sys/class/net': No such file or directory"}},
        {"the kernel's keys", {Must::Contain, "PermissionError"}},
        {"to be root", {Must::Say, "EINVAL\nEINVAL"}},                               // no such user inside
        {"a port of this machine, by IPv6", {Must::Say, "ECONNREFUSED"}},            // there is a ::1, and nobody at it
        {"the metadata of a cloud, by IPv6", {Must::Say, "ENETUNREACH"}},
        {"a memory bomb", {Must::Contain, "MemoryError"}},                           // refused, not killed
        {"signals to PID 1", {Must::Say, "DONE\nDONE"}},                             // sent, and without effect: the next command runs
        {"kills everybody", {Must::Contain, "No such process"}},                     // there is nobody but itself
    };
    return table;
}

} // namespace

Attempts asInLocalRooms(Attempts attempts)
{
    // Files in memory are bounded in size there, not in number. README.md says so.
    std::erase_if(attempts, [](const Attempt& attempt) { return attempt.what == "files without number in memory"; });
    for (auto& attempt : attempts) {
        const auto found = containedOtherwise().find(attempt.what);
        if (found == containedOtherwise().end())
            continue;
        attempt.must = found->second.must;
        attempt.words = found->second.words;
        if (attempt.what == "kills everybody")
            attempt.input["timeout_s"] = 1; // it lives on
    }
    return attempts;
}

} // namespace aap::escape
