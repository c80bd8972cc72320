#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace aap::proxy {

/// How a client begins to talk in its tunnel.
struct Opening {
    enum class Kind {
        More,   ///< too little to tell
        Plain,  ///< no TLS
        Tls,    ///< a whole ClientHello
        Broken, ///< it begins as TLS does, and is none
    };
    Kind kind = Kind::More;
    std::string serverName{}; ///< Tls: lower-case; empty: it names none
};

inline constexpr std::size_t kMostHelloBytes = 32U << 10U;

/// Of everything that came so far.
Opening openingOf(std::string_view bytes);

} // namespace aap::proxy
