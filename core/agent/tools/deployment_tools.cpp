#include "core/agent/tools/families.h"

#include <fmt/format.h>

#include "core/agent/tools/host_tool.h"
#include "core/agent/tools/make_tool.h"
#include "core/agent/tools/project_command.h"
#include "core/agent/tools/sandbox_command.h"
#include "core/agent/tools/workspace_path.h"

namespace aap {
namespace {

using Argv = std::vector<std::string>;

/// How a migration tool does each direction; empty: it cannot.
struct MigrationTool {
    std::string sign{}; ///< the file that shows it is used
    std::string program{};
    Argv up{};
    Argv down{};
    Argv status{};
};

const std::vector<MigrationTool>& migrationTools()
{
    static const std::vector<MigrationTool> kTools{
        {"alembic.ini", "alembic", {"alembic", "upgrade", "head"}, {"alembic", "downgrade", "-1"}, {"alembic", "current", "--verbose"}},
        {"manage.py", "python3", {"python3", "manage.py", "migrate", "--noinput"}, {}, {"python3", "manage.py", "showmigrations"}},
        {"knexfile.js", "npx", {"npx", "--no-install", "knex", "migrate:latest"}, {"npx", "--no-install", "knex", "migrate:rollback"}, {"npx", "--no-install", "knex", "migrate:status"}},
        {"prisma/schema.prisma", "npx", {"npx", "--no-install", "prisma", "migrate", "deploy"}, {}, {"npx", "--no-install", "prisma", "migrate", "status"}},
        {"bin/rails", "ruby", {"ruby", "bin/rails", "db:migrate"}, {"ruby", "bin/rails", "db:rollback"}, {"ruby", "bin/rails", "db:migrate:status"}},
    };
    return kTools;
}

Result<ToolOutcome> runMigrations(const Json& input, ToolContext& context)
{
    const auto direction = parameter(input, "direction", "status");
    const auto project = viewOf(context.workspace, "repo");
    for (const auto& tool : migrationTools()) {
        if (!project.exists(tool.sign))
            continue;
        const auto& argv = direction == "up" ? tool.up : direction == "down" ? tool.down : tool.status;
        if (argv.empty())
            return notAvailable(fmt::format("the tool of {} cannot undo the last migration by itself; name the target with run_command.", tool.sign));
        const auto present = hasProgram(context, tool.program);
        if (!present)
            return present.error();
        if (!*present)
            return notAvailable(fmt::format("{} asks for {}, which is not available in this image.", tool.sign, tool.program));
        const auto result = runInSandbox(context, argv, kLongTimeout);
        if (!result)
            return result.error();
        return commandOutcome(*result, context, commandLine(argv) + "\n");
    }
    return notAvailable("the project has no migrations that we know (alembic.ini, manage.py, knexfile.js, prisma/schema.prisma, bin/rails).");
}

/// Tags and paths go to the host: they are looked at before that.
std::string whyNotBuilt(const Json& input)
{
    const auto path = WorkspacePath::parse(parameter(input, "dockerfile_path", "Dockerfile"));
    if (!path)
        return path.error().detail;
    if (!path->isInRepository())
        return "`dockerfile_path` must lie in /workspace/repo; send a relative path.";
    const auto arguments = parameter(input, "build_args", Json::object());
    for (const auto& [name, value] : arguments.items())
        if (!value.is_string())
            return fmt::format("`build_args` must be an object of texts; `{}` is none.", name);
    return {};
}

} // namespace

void addDeploymentTools(Toolbox& tools, const HostActions& host)
{
    tools.push_back(makeTool("run_migrations", ToolClass::Exec,
        "Runs the migrations of the project's database (alembic, Django, knex, Prisma, Rails) in the sandbox: `status` shows them, `up` "
        "applies all, `down` takes back the last. A deployed database is not reached by it. Ends after 600 s at the latest.",
        R"({"type": "object", "properties": {
            "direction": {"enum": ["up", "down", "status"], "description": "status by default"}}})",
        runMigrations));
    addHostTool(tools, host.buildImage, "build_docker_image", ToolClass::Deploy,
        "Builds the project's Dockerfile into an image on the host's engine, without network, and answers with size, layers and the log. The "
        "user is asked first. Use it once, when the Dockerfile is complete; the program builds again when it checks your result.",
        R"({"type": "object", "required": ["tag"], "properties": {
            "tag": {"type": "string", "pattern": "^[a-z0-9][a-z0-9._/-]{0,100}(:[A-Za-z0-9_][A-Za-z0-9._-]{0,100})?$", "description": "such as todo-api:1.0; a prefix of this run is put before it"},
            "dockerfile_path": {"type": "string", "maxLength": 300, "description": "Dockerfile by default"},
            "build_args": {"type": "object", "description": "names and texts; never secrets"}}})",
        whyNotBuilt);
    addHostTool(tools, host.deploy, "deploy_to_environment", ToolClass::Deploy,
        "Deploys what was built and checked, after a dry run and the user's consent. Refused while checks fail; production is never deployed "
        "to without a person. You need not call it: the program deploys when it checks your result.",
        R"({"type": "object", "required": ["environment"], "properties": {
            "environment": {"enum": ["dev", "staging", "production"]},
            "deployment_method": {"enum": ["docker-compose", "kubernetes", "script"]}}})");
    addHostTool(tools, host.checkHealth, "health_check", ToolClass::Network, kHealthDescription, kHealthSchema);
}

} // namespace aap
