#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/pipeline/check_context.h"

namespace aap {

/// What one check found out.
struct Verdict {
    CheckStatus status = CheckStatus::Passed;
    std::string reason{}; ///< a whole sentence; empty when it passed
    std::vector<std::string> argv{};
    std::optional<int> exitCode{};
    std::string output{}; ///< saved as the check's log when there is any

    static Verdict passed() { return {}; }
    static Verdict failed(std::string reason) { return {.status = CheckStatus::Failed, .reason = std::move(reason)}; }
    static Verdict skipped(std::string reason) { return {.status = CheckStatus::Skipped, .reason = std::move(reason)}; }
    static Verdict notChecked(std::string reason) { return {.status = CheckStatus::NotChecked, .reason = std::move(reason)}; }
    /// Failed when there is anything: "<lead> a; b; c." and how many more.
    static Verdict of(const std::vector<std::string>& problems, std::string_view lead);
    /// Passed with exit code 0; else failed with how it ended and the end of its output.
    static Verdict of(const CommandResult& result, std::vector<std::string> argv, std::string_view what);
};

/// The checks of one stage in the order they are made: each is timed, its output saved, and recorded as it ends.
class CheckList {
public:
    enum class Level { Must, Should };
    using Work = std::function<Result<Verdict>()>;

    explicit CheckList(CheckContext& context) : m_context(context) {}

    /// Errors: what `work` could not do, a log or an event that could not be written, Stopped. They end the checking.
    Result<void> run(const std::string& id, Level level, const Work& work);
    /// For rules that only look at values.
    Result<void> note(const std::string& id, Level level, Verdict verdict);

    struct Step {
        std::string id{};
        Level level = Level::Must;
        Work work{};
    };
    /// One after the other; all checks so far.
    Result<std::vector<Check>> runAll(const std::vector<Step>& steps);

    bool passed(std::string_view id) const;
    const std::vector<Check>& checks() const { return m_checks; }

private:
    CheckContext& m_context;
    std::vector<Check> m_checks{};
};

/// The last `limit` bytes of a text, from the beginning of a line where one is near, never within a character.
std::string tailOf(std::string_view text, std::size_t limit);

} // namespace aap
