#pragma once

#include <string_view>

namespace aap {

inline constexpr std::string_view kSubmitTool = "submit_result";
/// Stop reason in the record of a turn that cost tokens and came to nothing.
inline constexpr std::string_view kLostTurn = "lost";

/// What the program itself says to an agent in the course of a dialogue.
namespace dialogue_text {

inline constexpr std::string_view submitDescription =
    "Hands in the result of your stage and ends it. Call it alone, as the last call, when everything is written and checked. The input "
    "is the contract document of your role; what does not fit it comes back with reasons. Then the program checks the project, and if "
    "checks fail you get them as the answer, may repair and submit again.";
inline constexpr std::string_view goOn = "Please continue.";
inline constexpr std::string_view goOnWriting = "Continue exactly where you stopped.";
inline constexpr std::string_view reminder =
    "You ended your turn without a result. A stage ends only by submit_result: use the tool call interface, a document written as text "
    "does not count. If something is still to be done, do it first; then call submit_result.";
inline constexpr std::string_view cancelled = "cancelled by user";
inline constexpr std::string_view interrupted =
    "Interrupted: the program ended while this ran. It was not run again. It may have done a part of its work; what it changed in the "
    "project was undone. Look before you repeat it.";
inline constexpr std::string_view notKept =
    "What this changed in the project could not be recorded and may be undone. Look before you go on.";
/// Behind the first message after an interruption.
inline constexpr std::string_view resumed =
    "The program was interrupted here and has gone on. Your files are as they were after your last finished call. The sandbox is a new one: "
    "background jobs, files outside of /workspace, and folders that tools fill (dependencies, caches, build trees) may be gone.";
/// Before what the user tells a running agent.
inline constexpr std::string_view userSays = "The user says meanwhile: ";
inline constexpr std::string_view sameCall =
    "This call was not run: it is the third time in a row with the same input, and its answer would be the same. Change the input, or do "
    "something else.";
inline constexpr std::string_view secondSubmit = "Not handed in: one turn can hand in one result, and the first call of this turn counts.";
inline constexpr std::string_view submitAfterFailure =
    "Not handed in: other calls of this turn failed. Read their answers, put right what is wrong, then call submit_result alone.";
inline constexpr std::string_view summaryRequest =
    "The conversation is about to outgrow your context. Do not call a tool now. Write a summary from which you can go on without it: what "
    "is done and where (paths, names, commands), what was found out and decided and why, what failed and how, what is still to be done, "
    "and the next step. Only what you write now is kept, besides your task.";
/// How the first message after a summary goes on behind the task.
inline constexpr std::string_view summaryOpening = "The conversation so far was summarised, by yourself:";
inline constexpr std::string_view summaryClosing = "Go on from there. The files are as you left them; read what you need again.";

} // namespace dialogue_text
} // namespace aap
