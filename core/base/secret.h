#pragma once

#include <string>
#include <string_view>

namespace aap {

/// An API key or token. It has no formatter and no comparison on purpose: the only ways to its text are named reveal() and
/// masked(). Its memory is overwritten when it dies.
class ApiKey {
public:
    ApiKey() = default;
    /// Surrounding white space, as keys from files have it, is dropped.
    explicit ApiKey(std::string_view text);
    ApiKey(const ApiKey&) = default;
    ApiKey(ApiKey&&) noexcept = default;
    ApiKey& operator=(const ApiKey& other);
    ApiKey& operator=(ApiKey&& other) noexcept;
    ~ApiKey();

    bool isEmpty() const noexcept { return m_text.empty(); }
    /// Visible ASCII only: anything else is no key and could add lines to a request.
    bool isUsable() const noexcept;
    /// The secret itself, for the header of a request and for the redactor.
    const std::string& reveal() const noexcept { return m_text; }
    /// "…c4fA" for a key of 17 characters or more, else "…".
    std::string masked() const;

private:
    void wipe() noexcept;
    std::string m_text;
};

} // namespace aap
