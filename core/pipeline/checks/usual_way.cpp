#include "core/pipeline/checks/usual_way.h"

#include "core/agent/tools/project_command.h"

namespace aap {

Result<std::vector<std::string>> usualWay(const Verifier& verifier, const Folder& repo, ProjectTask task)
{
    for (const auto& way : projectCommands(viewOf(repo, ""), task)) {
        auto there = verifier.hasProgram(way.argv.front());
        if (there && *there && !way.program.empty())
            there = verifier.hasProgram(way.program);
        if (there && *there && !way.module.empty())
            there = verifier.hasModule(way.module);
        if (!there)
            return std::move(there).error();
        if (*there)
            return way.argv;
    }
    return std::vector<std::string>();
}

} // namespace aap
