#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace aap {

/// Why something expected failed; callers decide by it, people read Error::text().
enum class ErrorCode {
    Stopped,      ///< somebody asked us to stop; an ordinary outcome
    Invalid,      ///< what the user or a file gave us is wrong
    NotFound,     ///< it is not there
    Unauthorized, ///< a key or a permission was refused
    RateLimited,  ///< the other side wants us to wait
    Timeout,      ///< a deadline passed
    Unavailable,  ///< the other side does not answer, or not now
    Protocol,     ///< the other side said something that makes no sense
    Io,           ///< a file or the disk
    Limit,        ///< a budget or a bound of ours is reached
    Refused,      ///< the model declined to answer
    Bug,          ///< an exception nobody expected
};

/// What happened, what we were doing and what the reader can do about it.
struct [[nodiscard]] Error {
    ErrorCode code{};
    std::string detail{};             ///< what happened: "HTTP 529: overloaded_error"
    std::vector<std::string> doing{}; ///< what we were at, innermost first
    std::string remedy{};             ///< what to do next, a whole sentence; may be empty

    /// Adds to `doing` and hands itself on.
    Error during(std::string activity) &&;
    /// Sets what to do next, unless somebody nearer to the cause already said it.
    Error advise(std::string sentence) &&;
    /// "stage Coding, turn 2: HTTP 529: overloaded_error"
    std::string text() const;
};

/// A value or an Error. Member names are std::expected's, so that C++23 can take over in one line.
template <typename T>
class [[nodiscard]] Result {
public:
    Result() = default; // as std::expected has it; QVariant and QSignalSpy want it too
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    explicit operator bool() const noexcept { return m_state.index() == 0; }
    bool has_value() const noexcept { return m_state.index() == 0; }
    const T& operator*() const& { return std::get<0>(m_state); } // asking an error for its value throws: a bug
    T& operator*() & { return std::get<0>(m_state); }
    T&& operator*() && { return std::get<0>(std::move(m_state)); }
    const T* operator->() const { return &std::get<0>(m_state); }
    T* operator->() { return &std::get<0>(m_state); }
    T value_or(T other) const& { return *this ? **this : std::move(other); }
    const Error& error() const& { return std::get<1>(m_state); }
    Error&& error() && { return std::get<1>(std::move(m_state)); }

private:
    std::variant<T, Error> m_state;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    explicit operator bool() const noexcept { return !m_error; }
    bool has_value() const noexcept { return !m_error; }
    const Error& error() const& { return m_error.value(); }
    Error&& error() && { return std::move(m_error).value(); }

private:
    std::optional<Error> m_error;
};

/// Runs `work` and turns an escaped exception into an Error: the outermost call on every worker thread.
template <typename Work>
std::invoke_result_t<Work> guarded(Work&& work)
try {
    return std::invoke(std::forward<Work>(work));
} catch (const std::exception& e) {
    return Error{ErrorCode::Bug, e.what()};
}

} // namespace aap
