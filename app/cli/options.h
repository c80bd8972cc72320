#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aap {

/// What was typed, before anything of it is looked at.
struct Options {
    std::string command{}; ///< "run", "run-stages", …

    // common to all commands
    std::string configFile{};
    std::map<std::string, std::string> flags{}; ///< configuration keys given as flags: "anthropic_model" -> "claude-…"
    std::string pipelineFile{};
    std::string provider{};
    bool yes = false;
    bool json = false;
    bool verbose = false;
    bool quiet = false;
    bool noColor = false;

    // run, run-stages, review
    std::string requirements{};
    std::string repository{};
    std::vector<std::string> attachments{};
    std::string outputDir{};
    std::vector<std::string> stages{};
    std::string tasksFile{};
    std::vector<std::string> focus{};
    bool dryRun = false;

    // approve, reject
    std::string comment{};

    // show, diff, restore, fork
    std::optional<std::int64_t> at{};      ///< an event
    std::vector<std::int64_t> between{};   ///< two events

    // fork
    std::string fromStage{};
    std::string note{};
    std::vector<std::string> edits{}; ///< "FILE=PATH"

    // init, export, show, replay, resume, sandbox
    std::string output = "./config.json";
    bool force = false;
    std::string runId{};
    bool last = false;
    std::string target{};
    std::string gitTarget{}; ///< export --git
    std::vector<std::string> runIds{};
    bool events = false;
    bool bootstrap = false;
    std::string profile = "full"; ///< sandbox build
    std::string secretName{};     ///< secret set, secret remove
    std::string secretVariable{}; ///< secret set --env
    std::string secretFile{};     ///< secret set --file
    std::string service{}; ///< deployments logs
    int lines = 100;       ///< deployments logs
    int seconds = 0;       ///< deployments watch; 0: until stopped
    int every = 2;         ///< deployments watch
    std::string olderThan{}; ///< runs prune
    int keep = -1;           ///< runs prune; negative: not given
    std::string recording{};
    bool expectSame = false; ///< replay
};

} // namespace aap
