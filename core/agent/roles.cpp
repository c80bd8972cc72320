#include "core/agent/roles.h"

#include <algorithm>

#include <QFile>

#include "core/domain/contracts.h"

namespace aap {
namespace {

std::vector<std::string> writablePaths(StageId stage)
{
    switch (stage) {
    case StageId::Architecture: return {"docs"};
    case StageId::Testing: return {"tests", "test", "spec", "__tests__"};
    case StageId::Deployment:
        return {"Dockerfile", ".dockerignore", "compose.yml", "compose.yaml", "docker-compose.yml", "docker-compose.yaml", ".env.example", "k8s", "deploy",
                ".github", ".gitlab-ci.yml", "docs", "scripts", "README.md"};
    case StageId::Monitoring: return {"monitoring", "docs"};
    default: return {};
    }
}

} // namespace

Result<std::string> promptText(std::string_view name)
{
    QFile file(QStringLiteral(":/prompts/%1.md").arg(QLatin1String(name.data(), qsizetype(name.size()))));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound, "the program lacks its prompt " + std::string(name) + ".md"};
    return file.readAll().toStdString();
}

Result<Role> roleOf(StageId stage)
{
    Role role;
    for (const std::string_view name : {std::string_view("common"), std::string_view("handover"), slug(stage)}) {
        auto text = promptText(name);
        if (!text)
            return std::move(text).error();
        role.systemPrompt += (role.systemPrompt.empty() ? "" : "\n\n") + *text;
    }
    role.writablePaths = writablePaths(stage);
    role.mayWrite = std::ranges::find(kReviewStages, stage) == kReviewStages.end();
    role.submitSchema = contractSchema(contractOf(stage));
    if (role.submitSchema.is_null())
        return Error{ErrorCode::NotFound, "the program lacks the contract " + std::string(contractOf(stage))};
    return role;
}

} // namespace aap
