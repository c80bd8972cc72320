#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/domain/usage.h"

namespace aap {

/// One reply of a recorded dialogue, as the model gave it.
struct RecordedTurn {
    std::string stage{};           ///< the stage's slug: "coding"
    Json content = Json::array();  ///< the API's blocks
    std::string stopReason{};      ///< the API's word: "tool_use"
    Usage usage{};
    std::string model{};
    /// A new conversation begins here, although the turn before may be of the same stage.
    bool beginsVisit = false;
};

/// The replies of a whole run, in the order they were given. Neighbours of one stage are one visit of it unless one says that it
/// begins the next, so that coding, testing, coding are three visits.
struct Recording {
    std::string title{};
    std::string label{}; ///< what people must know about it: "recorded replies, no model is called"
    std::string requirements{};
    std::vector<RecordedTurn> turns{};
    std::string source{};           ///< the file, resource or run it was read from
    std::string repository{};       ///< URL or path the project began with; may be empty
    std::vector<std::string> attachments{}; ///< of a run of this machine: where the files lay that belonged to it; no part of a file
    Json pipeline{};                ///< PipelineSpec of that run; null when it was the standard one
    Json settings = Json::object(); ///< configuration the run was made with; the keys of config.json
    std::string imageId{};          ///< of the sandboxes it was made in: "sha256:…"; empty: not known
    Json expected{};                ///< what the run came to, as core/store/run_facts.h tells it; null: not known
};

/// Reads a file or a Qt resource (":/demo/recording.json"). Format "aap/recording/1":
///
///     {"schema": "aap/recording/1", "title": "…", "label": "…", "requirements": "…", "model": "…", "settings": {}, "pipeline": {}, "image": "sha256:…",
///      "stages": [{"stage": "coding", "turns": [TURN…]}…], "expected": [{"what": "…", "value": …}…]}
///
/// A TURN is written by hand as {"say": "text", "calls": [{"tool": "write_file", "input": {…}}], "usage": {…}} or carries
/// what a model sent as {"content": […], "stop_reason": "…", "usage": {…}, "model": "…"}. A stage may come several times, once
/// for each visit.
/// `{"$file": "files/a.py"}` in place of any value of an input is that file's text; the path is relative to the recording and
/// stays below its folder. Ids of handwritten calls are toolu_<stage>_<n>, counted per stage.
/// Unknown keys, and whatever else is wrong, are errors that name their place.
Result<Recording> loadRecording(const std::string& path);

/// The recording as a file of the format above, with every turn in its raw form.
Json toJson(const Recording& recording);

} // namespace aap
