#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace aap {

/// `schema` with every "$ref": "#/definitions/…" replaced by what it refers to, so that it stands alone.
/// Definitions must not contain themselves.
Json inlined(const Json& schema, const Json& definitions);

/// A JSON schema (draft-07, without references), compiled once to check many documents. const use is thread-safe.
class JsonSchema {
public:
    /// Throws valijson's std::runtime_error when `schema` is none: schemas are ours.
    explicit JsonSchema(const Json& schema);
    ~JsonSchema();
    JsonSchema(const JsonSchema&) = delete;
    JsonSchema& operator=(const JsonSchema&) = delete;

    /// What does not fit, one clause each with its place: "`items[0].id` must be text that matches ^R[1-9]$".
    /// Empty when the document fits. At most 20.
    std::vector<std::string> errors(const Json& document) const;

private:
    struct Compiled;
    std::unique_ptr<const Compiled> m_compiled;
};

/// What a schema wants, in a few words: "text, at most 120 characters", "one of \"a\", \"b\"".
std::string expectation(const Json& schema);

} // namespace aap
