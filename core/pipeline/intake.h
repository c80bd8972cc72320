#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace aap {

/// What is known besides the text.
struct IntakeHints {
    bool repositoryGiven = false; ///< the requirements ask to change something that exists
};

/// What became of one line of the source.
struct LineUse {
    enum class Kind { Blank, Item, Prose };
    Kind kind = Kind::Blank;
    std::string item{}; ///< Item: "R3"; the first one, when a line holds several
    std::string why{};  ///< Prose: "heading", "introduction", …
};

/// Requirements as the pipeline works with them, and the account of how they came out of the text.
struct Intake {
    Json requirements{};                ///< contract `requirements`
    std::vector<LineUse> lines{};       ///< one for each line of the source, in order
    std::vector<std::string> reasons{}; ///< why this kind, why this many items: sentences
};

/// Stage 0, without a model: the same text gives the same items. Items come from bullets, numbered lines, "R1 ! text" forms and
/// table rows; from sentences where there is no list. What cannot be read as UTF-8 is replaced.
/// Errors: Invalid when there is nothing to do, or more than the contract can hold.
Result<Intake> takeIn(std::string_view text, IntakeHints hints = {});

/// The proof of completeness, made from the documents alone: the number of a non-blank line that neither lies in an item's
/// `lines` nor is marked prose; nothing when all are accounted for.
std::optional<std::size_t> firstLostLine(std::string_view text, const Intake& intake);

} // namespace aap
