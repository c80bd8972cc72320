#include <iostream>

#include <CLI/CLI.hpp>

#include "app/cli/commands.h"
#include "app/cli/options.h"

namespace {

using aap::Options;

/// A flag that stands for a configuration key: it wins over environment and file.
void configFlag(CLI::App& program, Options& options, const std::string& name, const std::string& key, const std::string& help)
{
    program.add_option_function<std::string>(name, [&options, key](const std::string& value) { options.flags[key] = value; }, help);
}

void addCommonFlags(CLI::App& program, Options& options)
{
    program.add_option("--config", options.configFile, "Configuration file (default: ./config.json, then the one of the user)")->type_name("FILE");
    configFlag(program, options, "--model", "anthropic_model", "Model id, for example claude-sonnet-5-5");
    program.add_option("--provider", options.provider, "Where replies come from")->check(CLI::IsMember({"anthropic", "openai", "replay"}));
    program.add_option("--pipeline", options.pipelineFile, "Pipeline file: stages, limits, gates")->type_name("FILE");
    configFlag(program, options, "--max-iterations", "max_iterations", "Turns an agent may take in a stage");
    configFlag(program, options, "--budget-usd", "budget.run_usd", "Most money a run may cost, in US dollars");
    program.add_flag("--yes", options.yes, "Approve every gate but a production deployment");
    program.add_flag("--json", options.json, "Events as JSON lines on standard output");
    program.add_flag("--verbose", options.verbose, "Show tool output and thinking too");
    program.add_flag("--quiet", options.quiet, "Show nothing but the end");
    program.add_flag("--no-color", options.noColor, "No colours");
}

void dryRunFlag(CLI::App& command, Options& options)
{
    command.add_flag("--dry-run", options.dryRun, "Check everything and say what it will probably cost; nothing is asked or spent");
}

CLI::Option* repositoryOption(CLI::App& command, Options& options)
{
    return command.add_option("--repo-url", options.repository, "Repository to start from: https URL or path")->type_name("URL|PATH");
}

void attachOption(CLI::App& command, Options& options)
{
    command.add_option("--attach", options.attachments, "Files and folders that the agents shall have, at most 5 MiB each; they find them in attachments/")->expected(1, 50)->type_name("FILE…");
}

void addRunCommands(CLI::App& program, Options& options)
{
    auto* run = program.add_subcommand("run", "All five stages: design, code, tests, deployment, monitoring");
    run->add_option("--requirements", options.requirements, "The requirements: text, a file, or - for standard input")->required()->type_name("TEXT|FILE|-");
    repositoryOption(*run, options);
    attachOption(*run, options);
    run->add_option("--output-dir", options.outputDir, "Where results go (default: ./pipeline_output)")->type_name("FOLDER");

    dryRunFlag(*run, options);

    auto* stages = program.add_subcommand("run-stages", "Chosen stages, in pipeline order");
    stages->add_option("--stages", options.stages, "architecture coding testing deployment monitoring")->required()->expected(1, 5);
    stages->add_option("--tasks", options.tasksFile, "JSON object: stage -> task text")->required()->type_name("FILE");
    repositoryOption(*stages, options);
    attachOption(*stages, options);
    stages->add_option("--output-dir", options.outputDir, "Where results go (default: ./pipeline_output)")->type_name("FOLDER");

    dryRunFlag(*stages, options);

    auto* review = program.add_subcommand("review", "Architecture, code and quality review of a repository; changes nothing");
    repositoryOption(*review, options)->required();
    review->add_option("--focus", options.focus, "What to look at first: security, performance, …")->expected(1, 20);
    review->add_option("--output-dir", options.outputDir, "Where findings go (default: ./review_output)")->type_name("FOLDER");

    dryRunFlag(*review, options);
    auto* resume = program.add_subcommand("resume", "Go on with a run that was interrupted, stopped, or had reached a limit");
    resume->add_option("run", options.runId, "Run id or its beginning")->type_name("ID");
    resume->add_flag("--last", options.last, "The newest run");

    auto* replay = program.add_subcommand("replay", "Run again with recorded model replies; tools run for real");
    replay->add_option("run", options.recording, "Run id, 'last', or a recording file")->required()->type_name("ID|FILE");
    replay->add_flag("--expect-same", options.expectSame, "Stop with exit code 1 at the first result, verdict or file that is not as it was recorded");
    replay->add_option("--output-dir", options.outputDir, "Where results go")->type_name("FOLDER");

    auto* demo = program.add_subcommand("demo", "The bundled recording: no key is needed and nothing is spent");
    demo->add_option("--output-dir", options.outputDir, "Where results go (default: ./pipeline_output)")->type_name("FOLDER");
}

void addHistoryCommands(CLI::App& program, Options& options)
{
    auto* runs = program.add_subcommand("runs", "The history of runs");
    auto* prune = runs->add_subcommand("prune", "Forget runs that have ended, with their output folders");
    prune->add_option("--older-than", options.olderThan, "Only those that began longer ago: 30d, 12h, 2w")->type_name("SPAN");
    prune->add_option("--keep", options.keep, "The newest ones stay, so many")->check(CLI::Range(0, 1'000'000))->type_name("N");
    prune->add_flag("--dry-run", options.dryRun, "Only say what would go");
    auto* show = program.add_subcommand("show", "One run");
    show->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    show->add_flag("--events", options.events, "Every event of it; * marks those that left a snapshot of the project");
    show->add_option("--at", options.at, "As it stood after this event, with the files of the project")->check(CLI::PositiveNumber)->type_name("N");
    auto* diff = program.add_subcommand("diff", "What changed in the project between two events of a run");
    diff->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    diff->add_option("events", options.between, "Two events as 'show ID --events' numbers them; 0 is before the first stage")->required()->expected(2)->check(CLI::NonNegativeNumber)->type_name("N M");
    auto* restore = program.add_subcommand("restore", "The files of the project as they were after an event");
    restore->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    restore->add_option("--at", options.at, "The event, as 'show ID --events' numbers them")->required()->check(CLI::PositiveNumber)->type_name("N");
    restore->add_option("--to", options.target, "A folder that does not exist yet")->required()->type_name("FOLDER");
    auto* compare = program.add_subcommand("compare", "Runs side by side: stages, time, cost, tests, coverage, files");
    compare->add_option("runs", options.runIds, "Two runs or more, as in 'show'")->required()->expected(2, 12)->type_name("ID ID…");
    auto* exported = program.add_subcommand("export", "A run as a ZIP file, a folder, or a recording that can be replayed anywhere");
    exported->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    auto* to = exported->add_option("--to", options.target, "Where it goes")->type_name("FILE.zip|FOLDER|NAME.recording.json");
    exported->add_option("--git", options.gitTarget, "The project as a git repository in a new folder, a commit for each time a stage ended")->excludes(to)->type_name("FOLDER");
    auto* bundle = program.add_subcommand("bundle", "A run to hand on: one file with its events, project, reports and a signed list of them");
    bundle->add_option("run", options.runId, "Run id, its beginning, or 'last'")->type_name("ID");
    bundle->add_option("--to", options.target, "The ZIP file to make")->type_name("FILE");
    auto* verified = bundle->add_subcommand("verify", "Whether a bundle is as it was signed, and by which key");
    verified->add_option("file", options.target, "The bundle")->required()->type_name("FILE");
    auto* imported = program.add_subcommand("import", "Take a run out of a bundle into the history, to be read there");
    imported->add_option("file", options.target, "As 'bundle ID --to FILE' wrote it")->required()->type_name("FILE");
    auto* verify = program.add_subcommand("verify", "Compare an output folder with its manifest");
    verify->add_option("folder", options.target, "pipeline_output/<run id>")->required()->type_name("FOLDER");
}

void addForkCommand(CLI::App& program, Options& options)
{
    auto* fork = program.add_subcommand("fork", "A new run with the past of another that goes its own way from a stage or event; 'compare' puts them side by side");
    fork->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    auto* stage = fork->add_option("--from-stage", options.fromStage, "The first stage that is done anew")->type_name("STAGE");
    fork->add_option("--at", options.at, "The last event that both share, as 'show ID --events' numbers them")->excludes(stage)->check(CLI::PositiveNumber)->type_name("N");
    fork->add_option("--edit", options.edits, "A file of the project, and the file with its new content; may be given several times")->allow_extra_args(false)->type_name("FILE=PATH");
    fork->add_option("--note", options.note, "Words for the agent that works on")->type_name("TEXT");
}

void addGateCommands(CLI::App& program, Options& options)
{
    auto* approve = program.add_subcommand("approve", "Approve what a run waits for; 'resume' carries it on");
    approve->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    approve->add_option("--comment", options.comment, "Why, for the record")->type_name("TEXT");
    auto* reject = program.add_subcommand("reject", "Send back what a run waits for, with words to work on; 'resume' carries it on");
    reject->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
    reject->add_option("--comment", options.comment, "What shall be changed")->required()->type_name("TEXT");
}

void addSetupCommands(CLI::App& program, Options& options)
{
    auto* init = program.add_subcommand("init", "Write a documented configuration file");
    init->add_option("--output", options.output, "The file to write")->capture_default_str()->type_name("FILE");
    init->add_flag("--force", options.force, "Replace a file that exists");
    auto* backup = program.add_subcommand("backup", "The history of all runs as one file");
    backup->add_option("file", options.target, "A file that does not exist yet")->required()->type_name("FILE");
    auto* restore = program.add_subcommand("restore-backup", "The history from a backup, in place of what is there");
    restore->add_option("file", options.target, "As 'backup' wrote it")->required()->type_name("FILE");
    auto* config = program.add_subcommand("config", "Take settings to another machine, without secrets");
    config->require_subcommand(1);
    auto* exported = config->add_subcommand("export", "Write what is set");
    exported->add_option("file", options.target, "A file, or - for standard output")->required()->type_name("FILE|-");
    exported->add_flag("--force", options.force, "Replace a file that exists");
    auto* imported = config->add_subcommand("import", "Check a file and make it your settings");
    imported->add_option("file", options.target, "As 'config export' wrote it")->required()->type_name("FILE");
    imported->add_flag("--force", options.force, "Replace the settings there are");
    program.add_subcommand("doctor", "Look whether everything is there that a run needs");
    auto* sandbox = program.add_subcommand("sandbox", "The image that agents work in, and what they left behind");
    sandbox->require_subcommand(1);
    auto* build = sandbox->add_subcommand("build", "Make the image coding-agent-sandbox");
    build->add_option("--profile", options.profile, "What projects it is for: base has what every stage needs, and shell")
        ->check(CLI::IsMember({"base", "python", "node", "cpp", "full"}))->capture_default_str()->type_name("PROFILE");
    build->add_flag("--bootstrap", options.bootstrap, "By debootstrap alone, without pulling anything");
    sandbox->add_subcommand("info", "What the image is: its age, whether it is made from this program's recipe, its packages with versions");
    auto* prune = sandbox->add_subcommand("prune", "Remove containers, networks and volumes of ours that no program uses");
    prune->add_option("--run", options.runId, "Only this run's, its deployment too")->type_name("ID");
}

void addSecretCommands(CLI::App& program, Options& options)
{
    auto* secrets = program.add_subcommand("secret", "Secrets of the project: files in /run/secrets of its sandboxes");
    secrets->require_subcommand(1);
    secrets->add_subcommand("list", "Names, where the values are kept, and whether they are there; never a value");
    auto* set = secrets->add_subcommand("set", "Give sandboxes a secret; without --env and --file its value is read from standard input and kept in the keychain");
    set->add_option("name", options.secretName, "Of the file")->required()->type_name("NAME");
    auto* variable = set->add_option("--env", options.secretVariable, "The environment variable that holds the value when a run begins")->type_name("VARIABLE");
    set->add_option("--file", options.secretFile, "The file that holds the value when a run begins")->excludes(variable)->type_name("FILE");
    secrets->add_subcommand("remove", "Give sandboxes a secret no longer, and take it out of the keychain")
        ->add_option("name", options.secretName, "As 'secret list' shows it")->required()->type_name("NAME");
}

void addDeploymentCommands(CLI::App& program, Options& options)
{
    auto* deployments = program.add_subcommand("deployments", "What runs left standing on the engine");
    deployments->require_subcommand(1);
    deployments->add_subcommand("list", "Services with their state and image");
    const auto ofRun = [&](const char* name, const char* what) {
        auto* command = deployments->add_subcommand(name, what);
        command->add_option("run", options.runId, "Run id, its beginning, or 'last'")->required()->type_name("ID");
        return command;
    };
    auto* logs = ofRun("logs", "What its services wrote last");
    logs->add_option("--service", options.service, "Only this one's")->type_name("NAME");
    logs->add_option("--lines", options.lines, "How many lines of each")->check(CLI::Range(1, 100'000))->capture_default_str()->type_name("N");
    auto* watch = ofRun("watch", "Probe it, scrape its metrics, follow its log and judge its alert rules, until stopped; exit code 1 when an alert fires in the end");
    watch->add_option("--seconds", options.seconds, "How long")->check(CLI::Range(1, 1'000'000))->type_name("N");
    watch->add_option("--every", options.every, "Seconds between two looks")->check(CLI::Range(1, 3600))->capture_default_str()->type_name("N");
    ofRun("stop", "End its services in order, and keep everything");
    ofRun("start", "Start its services again");
    ofRun("remove", "Remove its containers, network, volumes and images");
}

/// "sandbox build" for a nested command.
std::string commandOf(const CLI::App& program)
{
    std::string name;
    for (const auto* chosen = &program; !chosen->get_subcommands().empty();) {
        chosen = chosen->get_subcommands().front();
        name += (name.empty() ? "" : " ") + chosen->get_name();
    }
    return name;
}

} // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App program("Five agents turn requirements into a tested, deployed, monitored project.", "agent-pipeline");
    program.set_version_flag("--version", "agent-pipeline " AAP_VERSION);
    program.require_subcommand(1);
    program.fallthrough(); // common flags may stand behind the command as well
    addCommonFlags(program, options);
    addRunCommands(program, options);
    addHistoryCommands(program, options);
    addForkCommand(program, options);
    addGateCommands(program, options);
    addSetupCommands(program, options);
    addSecretCommands(program, options);
    addDeploymentCommands(program, options);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool helpOrVersion = error.get_exit_code() == 0;
        return program.exit(error) == 0 && helpOrVersion ? 0 : 2;
    }
    options.command = commandOf(program);
    return aap::runCommand(options, argc, argv);
}
