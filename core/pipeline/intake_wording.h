#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aap {

/// "must", "should", "could"; "excluded" for what is not wanted; empty where the words say nothing.
std::string_view priorityOfLabel(std::string_view label);    ///< "[should]", "Nice to have", "P1", a table cell
std::string_view priorityOfSentence(std::string_view text);  ///< by its verbs: must, shall, should, could, may …
/// A label at the beginning or the end of an entry: "(optional) export", "export [should]", "Must: export"; empty without one.
std::string_view labelOf(std::string_view text);

bool isQuestion(std::string_view text);
bool isDemand(std::string_view text); ///< a sentence that orders something even amid prose

/// Positions [begin, end) of the sentences of a paragraph.
std::vector<std::pair<std::size_t, std::size_t>> sentencesOf(std::string_view paragraph);

/// "service", "cli", "library" or "static-site", and the words that say so.
std::pair<std::string, std::string> guessKind(std::string_view text);

/// Without emphasis, links and code ticks: fit for a title.
std::string plainWords(std::string_view markdown);
std::string lowerAscii(std::string_view text);

} // namespace aap
