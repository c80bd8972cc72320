#include "core/domain/contracts.h"

#include <QFile>

#include "core/domain/json_schema.h"

namespace aap {
namespace {

Json readDefinitions()
{
    QFile file(QStringLiteral(":/schemas/contracts.schema.json"));
    if (!file.open(QIODevice::ReadOnly))
        return Json::object(); // a program without our resources knows no contract, and says so for each
    return Json::parse(file.readAll().toStdString()).at("definitions");
}

const Json& definitions()
{
    static const Json all = readDefinitions();
    return all;
}

} // namespace

std::string_view contractOf(StageId stage)
{
    switch (stage) {
    case StageId::Architecture: return "design";
    case StageId::Coding: return "implementation";
    case StageId::Testing: return "testreport";
    case StageId::Deployment: return "deployment";
    case StageId::Monitoring: return "monitoring";
    case StageId::ArchitectureReview:
    case StageId::CodeReview:
    case StageId::QualityReview: break;
    }
    return "review";
}

Json contractSchema(std::string_view contract)
{
    const auto found = definitions().find(std::string(contract));
    return found == definitions().end() ? Json() : inlined(*found, definitions());
}

std::vector<std::string> contractErrors(const Json& document, std::string_view contract)
{
    const auto schema = contractSchema(contract);
    if (schema.is_null())
        return {"there is no contract named " + std::string(contract)};
    return JsonSchema(schema).errors(document);
}

} // namespace aap
