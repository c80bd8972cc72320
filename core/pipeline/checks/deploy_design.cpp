#include "core/pipeline/checks/deploy_design.h"

#include <QRegularExpression>
#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/pipeline/checks/project_files.h"

namespace aap {
namespace {

std::string textOf(const Json& object, const char* key, std::string fallback = {})
{
    const auto member = object.find(key);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::move(fallback);
}

int integerOf(const Json& object, const char* key)
{
    const auto member = object.find(key);
    return member != object.end() && member->is_number_integer() ? member->get<int>() : 0;
}

ProbeRequest requestOf(const Json& http)
{
    ProbeRequest request{.method = textOf(http, "method", "GET"), .path = textOf(http, "path", "/"), .body = textOf(http, "body")};
    if (const auto headers = http.find("headers"); headers != http.end() && headers->is_object())
        for (const auto& [name, value] : headers->items())
            if (value.is_string())
                request.headers[name] = value.get<std::string>();
    return request;
}

} // namespace

DeployDesign deployDesignOf(const Json& design)
{
    DeployDesign result;
    const auto deploy = design.is_object() ? design.find("deploy") : design.end();
    if (!design.is_object() || deploy == design.end() || !deploy->is_object())
        return result;
    result.form = textOf(*deploy, "form", "service");
    if (const int port = integerOf(*deploy, "port"); port > 0)
        result.port = port;
    result.healthPath = textOf(*deploy, "health_path");
    result.metricsPath = textOf(*deploy, "metrics_path");
    result.statePaths = stringsOf(*deploy, "state_paths");
    result.environment = stringsOf(*deploy, "env");
    return result;
}

std::vector<SmokeCheck> smokeChecksOf(const Json& document)
{
    std::vector<SmokeCheck> checks;
    for (const auto& entry : listOf(document, "smoke")) {
        if (!entry.is_object())
            continue;
        SmokeCheck check{.id = textOf(entry, "id"), .requirement = textOf(entry, "requirement")};
        if (const auto http = entry.find("http"); http != entry.end() && http->is_object()) {
            check.http = requestOf(*http);
            check.status = integerOf(*http, "status");
            check.matches = textOf(*http, "matches");
        } else if (const auto exec = entry.find("exec"); exec != entry.end() && exec->is_object()) {
            check.argv = stringsOf(*exec, "argv");
            check.exitCode = integerOf(*exec, "exit_code");
            check.matches = textOf(*exec, "matches");
        }
        checks.push_back(std::move(check));
    }
    return checks;
}

std::string matchComplaint(const std::string& pattern, const std::string& text)
{
    if (pattern.empty())
        return {};
    const QRegularExpression expression(QString::fromStdString(pattern), QRegularExpression::MultilineOption);
    if (!expression.isValid())
        return fmt::format("\"{}\" is no regular expression ({})", shortened(pattern, 120), expression.errorString().toStdString());
    if (expression.match(QString::fromStdString(text)).hasMatch()) // PCRE ends what would take for ever
        return {};
    return fmt::format("\"{}\" is not in \"{}\"", shortened(pattern, 120), shortened(cleanText(text), 300));
}

std::vector<std::string> filesWithTarget(const Json& document, std::string_view target)
{
    std::vector<std::string> paths;
    for (const auto& file : listOf(document, "files"))
        if (file.is_object() && textOf(file, "target") == target)
            paths.push_back(textOf(file, "path"));
    return paths;
}

} // namespace aap
