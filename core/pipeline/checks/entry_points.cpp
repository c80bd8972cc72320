#include "core/pipeline/checks/entry_points.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/llm/bounded_json.h"
#include "core/pipeline/checks/project_files.h"

namespace aap {
namespace {

constexpr Milliseconds kStartTimeout = std::chrono::seconds(20);

using Argv = std::vector<std::string>;

/// "todo/__main__.py" → "todo", "app/cli.py" → "app.cli"; empty where a part is no Python name.
std::string moduleOf(const std::string& path)
{
    auto name = path.substr(0, path.size() - std::string_view(".py").size());
    for (const auto* ending : {"/__main__", "/__init__"})
        if (name.ends_with(ending))
            name.resize(name.size() - std::string_view(ending).size());
    std::ranges::replace(name, '/', '.');
    const bool plain = std::ranges::all_of(name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; });
    return plain ? name : "";
}

void addPython(std::vector<StartTrial>& trials, const std::string& path)
{
    const auto module = moduleOf(path);
    if (path.ends_with("/__main__.py") && !module.empty())
        trials.push_back({{"python3", "-m", module, "--help"}});
    else if (!path.ends_with("__init__.py"))
        trials.push_back({{"python3", path, "--help"}});
    if (!module.empty()) // a module below src/ is imported as its package is installed
        trials.push_back({{"python3", "-c", "import importlib, sys; sys.path[:0] = ['.', 'src']; importlib.import_module(sys.argv[1])",
                           module.starts_with("src.") ? module.substr(4) : module}});
}

bool isStaticFile(const std::string& path)
{
    return path.ends_with(".html") || path.ends_with(".css") || path.ends_with(".svg");
}

/// Starts the words after the port and waits until somebody listens there; what the program said when nobody does.
Argv untilPortOpens(int port, const Argv& argv)
{
    Argv words{"/bin/bash", "-c",
               "port=$1; shift; \"$@\" & pid=$!\n"
               "for _ in $(seq 150); do\n"
               "  if (exec 3<>\"/dev/tcp/127.0.0.1/$port\") 2>/dev/null; then kill \"$pid\"; exit 0; fi\n"
               "  kill -0 \"$pid\" 2>/dev/null || break\n"
               "  sleep 0.1\n"
               "done\n"
               "kill \"$pid\" 2>/dev/null; echo \"Nothing listens on port $port.\"; exit 1",
               "bash", std::to_string(port)};
    words.insert(words.end(), argv.begin(), argv.end());
    return words;
}

/// The complaint of the trials that failed; nothing when one succeeded.
Result<std::string> whyNotStarted(const Verifier& verifier, const std::vector<StartTrial>& trials, std::string& log)
{
    std::string complaint;
    for (const auto& trial : trials) {
        auto result = verifier.run(trial.port == 0 ? trial.argv : untilPortOpens(trial.port, trial.argv), {.timeout = kStartTimeout});
        if (!result)
            return std::move(result).error();
        const auto output = cleanText(result->output);
        log += fmt::format("$ {}\n{}\n{}\n", fmt::join(trial.argv, " "), endingOf(*result), output);
        if (result->succeeded())
            return std::string();
        if (complaint.empty()) // the first way is the one that was promised
            complaint = fmt::format("\"{}\" {}: {}", fmt::join(trial.argv, " "), endingOf(*result), tailOf(output, 600));
    }
    return complaint;
}

} // namespace

std::vector<StartTrial> startTrials(const std::string& entryPoint, const Json& design)
{
    std::vector<StartTrial> trials;
    const auto ending = std::filesystem::path(entryPoint).extension().string();
    if (ending == ".py") {
        addPython(trials, entryPoint);
    } else if (ending == ".js" || ending == ".mjs" || ending == ".cjs") {
        trials.push_back({{"node", entryPoint, "--help"}});
        trials.push_back({{"node", "-e", "import(require('path').resolve(process.argv[1])).then(() => process.exit(0))", entryPoint}});
    } else if (ending == ".sh") {
        trials.push_back({{"/bin/bash", entryPoint, "--help"}});
    } else if (isStaticFile(entryPoint)) {
        trials.push_back({{"test", "-s", entryPoint}});
    } else if (ending.empty()) {
        trials.push_back({{"./" + entryPoint, "--help"}});
    }
    auto run = designCommand(design, "run");
    if (run.empty() || isStaticFile(entryPoint))
        return trials;
    if (trials.empty()) {
        trials.push_back({run});
        trials.back().argv.push_back("--help");
    }
    if (const auto& port = memberOf(memberOf(design, "deploy"), "port"); port.is_number_integer())
        trials.push_back({std::move(run), port.get<int>()});
    return trials;
}

Result<Verdict> entryPointsStart(const Verifier& verifier, const Json& design)
{
    std::vector<std::string> problems;
    std::string log;
    bool tried = false;
    for (const auto& entry : stringsOf(design, "entry_points")) {
        const auto trials = startTrials(entry, design);
        if (trials.empty())
            continue;
        tried = true;
        auto why = whyNotStarted(verifier, trials, log);
        if (!why)
            return std::move(why).error();
        if (!why->empty())
            problems.push_back(entry + ": " + *why);
    }
    if (!tried)
        return Verdict::skipped("No entry point is of a kind that can be started by itself, and the design has no commands.run.");
    auto verdict = Verdict::of(problems, "Entry points do not start:");
    verdict.output = log;
    return verdict;
}

} // namespace aap
