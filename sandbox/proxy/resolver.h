#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/proxy/allow_list.h"

namespace aap::proxy {

inline constexpr std::uint16_t kTypeA = 1;
inline constexpr std::uint16_t kTypeAaaa = 28;

/// A question to a name server, and the addresses in its answer: false when it is no answer to that question.
std::string dnsQuestion(std::string_view name, std::uint16_t type, std::uint16_t id);
bool readDnsAnswer(std::string_view packet, std::string_view name, std::uint16_t type, std::uint16_t id, std::vector<Address>& addresses);

/// Asks the name servers of /etc/resolv.conf, of which it blocks 5 s at most for each. Empty: there is no such name, or nobody knows.
std::vector<Address> resolve(std::string_view name);

} // namespace aap::proxy
