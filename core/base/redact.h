#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aap {

/// Removes secrets from text before it reaches a log, an event, a file or a screen: the ones it was told about (plain,
/// base64, URL- and JSON-escaped) and whatever looks like a key (sk-ant-…, ghp_…, AKIA…, private key blocks, user:password@ in
/// URLs, Bearer …). Copyable; const use is thread-safe.
class Redactor {
public:
    Redactor() = default;
    /// Values shorter than 8 characters are ignored: they would eat ordinary words.
    explicit Redactor(std::vector<std::string> secrets);

    /// "sk-ant-…" becomes "[secret …c4fA]" (the last 4 characters stay, when it is longer than 16).
    std::string operator()(std::string_view text) const;

private:
    std::vector<std::string> m_needles;
};

/// A found secret in somebody's file: used by the check "no secrets" too.
struct SecretHit {
    std::size_t line = 0; ///< from 1
    std::string kind{};   ///< "Anthropic API key"
};
/// Patterns and entropy; placeholders ("changeme", "your-key-here", "${VAR}") are no hits.
std::vector<SecretHit> findSecrets(std::string_view text);

} // namespace aap
