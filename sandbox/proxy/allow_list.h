#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <netinet/in.h>

/// The proxy's own small words; it links nothing but the C++ library, statically, and throws nothing.
namespace aap::proxy {

/// An address that a name was resolved to, or that stood for one. IPv4 in the last four bytes behind ::ffff:.
struct Address {
    in6_addr bytes{};

    bool isV4() const { return IN6_IS_ADDR_V4MAPPED(&bytes); }
    std::string text() const; ///< "93.184.216.34", "2001:db8::1"
    static Address v4(const unsigned char* four);
    static Address v6(const unsigned char* sixteen);
    /// Of "93.184.216.34" or "2001:db8::1", each written in the one way there is: no octal, no short forms.
    static bool parse(std::string_view text, Address& into);
};

/// Whether it is an address of the open internet: not loopback, private, link-local, shared, multicast, reserved, or one that another
/// address hides in.
bool isPublic(const Address& address);

/// A host name as it may stand in a list: lower-case letters, digits and '-' in labels, no dot at its end.
bool isHostName(std::string_view text);

/// Who may be spoken to: "host:port", "*.domain:port" (every name below it, not itself) and "address:port", as the settings checked them.
class AllowList {
public:
    bool add(std::string_view entry); ///< false: it is none
    /// `host`: lower-case name or address.
    bool allows(std::string_view host, int port) const;
    /// An address outside the open internet is spoken to only when it stands in the list itself, with the port.
    bool mayReach(const Address& address, int port) const;
    std::string text() const; ///< "a:443, b:443"

private:
    struct Entry {
        std::string host{};
        int port = 0;
    };
    std::vector<Entry> m_entries{};
};

/// 1 to 65535; 0: it is none.
int portFrom(std::string_view digits);
/// "host:port" or "[v6]:port"; lower-case host. False: it is neither.
bool splitAuthority(std::string_view text, std::string& host, int& port, int defaultPort);

} // namespace aap::proxy
