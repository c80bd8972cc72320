#pragma once

#include <memory>
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
    explicit Redactor(const std::vector<std::string>& secrets);

    /// "sk-ant-…" becomes "[secret …c4fA]" (the last 4 characters stay, when it is longer than 16).
    std::string operator()(std::string_view text) const;

private:
    friend class StreamRedactor;
    struct Needles;
    /// `text` from `from` on; what stands before it only helps to understand.
    std::string cleanFrom(std::string_view text, std::size_t from) const;

    std::shared_ptr<const Needles> m_needles{};
};

/// The same for text that comes in pieces: a key cut in two by the network is found too. What may still become a secret is
/// held back, ordinary words only until they end. One stream, one thread.
class StreamRedactor {
public:
    explicit StreamRedactor(Redactor redactor) : m_redact(std::move(redactor)) {}
    /// What can be shown by now.
    std::string feed(std::string_view piece);
    /// The rest; the stream may be used again afterwards.
    std::string finish();

private:
    std::size_t heldBack() const;
    std::string show(std::size_t length);

    Redactor m_redact;
    std::string m_context; ///< raw, shown already
    std::string m_pending; ///< raw, not shown yet
};

/// A found secret in somebody's file: used by the check "no secrets" too.
struct SecretHit {
    std::size_t line = 0; ///< from 1
    std::string kind{};   ///< "Anthropic API key"
};
/// Patterns and entropy; placeholders ("changeme", "your-key-here", "${VAR}") are no hits, neither are hashes and UUIDs.
std::vector<SecretHit> findSecrets(std::string_view text);

} // namespace aap
