#include "app/doctor_checks.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/engine_walls.h"
#include "app/model_settings.h"
#include "app/sandbox_settings.h"
#include "core/llm/bounded_json.h"
#include "core/llm/prices.h"
#include "sandbox/docker/docker_client.h"
#include "sandbox/docker/sandbox_image.h"

namespace aap {
namespace {

using Status = Finding::Status;

/// The same request in both dialects.
Result<std::vector<ListedModel>> offeredModels(const DoctorParts& parts, const std::stop_token& stop)
{
    auto settings = modelSettings(parts.config, parts.prices, parts.config.runBudget);
    if (!settings)
        return std::move(settings).error();
    auto access = settings->anthropic;
    if (settings->provider == ApiModelSettings::Provider::ChatCompletions) {
        access.baseUrl = settings->chatCompletions.baseUrl;
        access.apiKey = {};
        access.authToken = settings->chatCompletions.apiKey;
    }
    auto models = AnthropicModel(std::move(access)).listModels(stop);
    if (models)
        std::erase_if(*models, [](const ListedModel& model) { return model.id.empty(); }); // not everybody's list is one
    return models;
}

bool isReplayed(const DoctorParts& parts)
{
    return parts.config.provider.name == "replay";
}

/// "…c4fA (environment ANTHROPIC_API_KEY)"; empty when there is none.
std::string keyAndOrigin(const AppConfig& config)
{
    const bool isToken = config.provider.name != "anthropic" || config.anthropicApiKey.isEmpty();
    const auto& key = isToken ? config.provider.authToken : config.anthropicApiKey;
    if (key.isEmpty())
        return {};
    const auto origin = config.origins.find(isToken ? "provider.auth_token" : "anthropic_api_key");
    return fmt::format("{} ({})", key.masked(), (origin == config.origins.end() ? Origin{} : origin->second).text());
}

std::set<std::string> modelsInUse(const AppConfig& config)
{
    std::set<std::string> ids{config.anthropicModel};
    for (const auto& [stage, id] : config.models)
        ids.insert(id);
    return ids;
}

/// Servers list a model by its id or by one of its other names.
const ListedModel* findListed(const std::vector<ListedModel>& models, const std::string& id, const PricedModelInfo* known)
{
    const auto found = std::ranges::find_if(models, [&](const ListedModel& model) {
        return model.id == id || (known != nullptr && (model.id == known->id || std::ranges::find(known->aliases, model.id) != known->aliases.end()));
    });
    return found == models.end() ? nullptr : &*found;
}

Examined lifecycleVerdict(const std::string& id, const std::string& lifecycle, const std::string& retiresAt)
{
    const auto until = retiresAt.empty() ? std::string() : " on " + retiresAt.substr(0, 10);
    if (lifecycle == "retired")
        return {Status::Fail, id + " is retired", "Choose another one: set anthropic_model, ANTHROPIC_MODEL or --model."};
    if (lifecycle == "deprecated")
        return {Status::Warn, fmt::format("{} works, but will be retired{}", id, until), "Choose a newer one soon: set anthropic_model."};
    return {Status::Ok, id};
}

Examined notOffered(const std::string& id, const std::vector<ListedModel>& models)
{
    constexpr std::size_t mostNamed = 6;
    std::vector<std::string> some;
    for (const auto& model : models)
        if (some.size() < mostNamed)
            some.push_back(model.id);
    return {Status::Fail, id + " is not offered to this key",
            fmt::format("Set anthropic_model, ANTHROPIC_MODEL or --model to one that is: {}{}.", fmt::join(some, ", "), models.size() > mostNamed ? ", …" : "")};
}

/// `models` is empty when nobody could be asked; then what we brought along decides.
Examined modelVerdict(const std::string& id, const std::vector<ListedModel>& models, const Prices& prices)
{
    const auto* known = prices.find(id);
    const auto* listed = findListed(models, id, known);
    if (!models.empty() && listed == nullptr)
        return notOffered(id, models);
    auto verdict = lifecycleVerdict(id, listed != nullptr && !listed->lifecycle.empty() ? listed->lifecycle : known != nullptr ? known->lifecycle : "active",
                                    listed != nullptr && !listed->retiresAt.empty() ? listed->retiresAt : known != nullptr ? known->retiresAt : "");
    if (verdict.status == Status::Ok && known == nullptr)
        return {Status::Warn, "the price of " + id + " is not known, so a limit in dollars does not hold it",
                "Limit its tokens or time instead, or name its price in prices.json in the configuration folder."};
    return verdict;
}

/// Worst first; the details of all.
Examined together(const std::vector<Examined>& verdicts)
{
    auto all = *std::ranges::max_element(verdicts, {}, &Examined::status);
    std::vector<std::string> details;
    for (const auto& verdict : verdicts)
        details.push_back(verdict.detail);
    all.detail = fmt::format("{}", fmt::join(details, "; "));
    return all;
}

Result<Json> engineInfo(const DoctorParts& parts, const std::stop_token& stop)
{
    if (parts.engine == nullptr)
        return parts.engineProblem.value_or(Error{ErrorCode::Unavailable, "there is no Docker engine"});
    return parts.engine->call("GET", "/info", {}, stop);
}

/// The command that mends it; empty when the cause is another one.
std::string engineFix(const Error& error, const DockerClient* engine)
{
    if (engine == nullptr || engine->endpoint().transport != DockerEndpoint::Transport::Unix)
        return {};
    if (error.code == ErrorCode::Unauthorized)
        return "sudo adduser $USER docker";
    if (error.code != ErrorCode::Unavailable)
        return {};
    std::error_code ignored;
    return std::filesystem::exists(engine->endpoint().path, ignored) ? "sudo systemctl start docker" : "sudo apt install docker.io";
}

} // namespace

Result<Examined> checkKey(const DoctorParts& parts, const std::stop_token& stop)
{
    if (isReplayed(parts))
        return Examined{.detail = "none is needed: replies come from a recording"};
    if (const auto missing = missingKey(parts.config))
        return Examined{Status::Fail, missing->text(), missing->remedy};
    const auto key = keyAndOrigin(parts.config);
    const auto models = offeredModels(parts, stop);
    if (models)
        return Examined{.detail = key.empty() ? "this server wants none" : key + " is accepted"};
    const auto& error = models.error();
    if (error.code == ErrorCode::Unauthorized)
        return Examined{Status::Fail, key.empty() ? "the server wants one: " + error.text() : fmt::format("{} is refused: {}", key, error.text()),
                       error.remedy.empty() ? "Set another key." : error.remedy};
    if (error.code == ErrorCode::NotFound)
        return Examined{.detail = (key.empty() ? "none" : key) + ", not tried: this server does not list its models"};
    return error;
}

Result<Examined> checkModels(const DoctorParts& parts, const std::stop_token& stop)
{
    if (isReplayed(parts))
        return Examined{.detail = "the recording's"};
    const auto models = missingKey(parts.config) ? Result<std::vector<ListedModel>>() : offeredModels(parts, stop);
    std::vector<Examined> verdicts;
    for (const auto& id : modelsInUse(parts.config))
        verdicts.push_back(modelVerdict(id, models.value_or({}), parts.prices));
    auto verdict = together(verdicts);
    if (!models || models->empty())
        verdict.detail += "; whether it is offered could not be asked";
    return verdict;
}

Result<Examined> checkEngine(const DoctorParts& parts, const std::stop_token& stop)
{
    const auto& backend = parts.config.sandbox.backend;
    if (backend == "local")
        return Examined{.detail = "not asked: agents work in rooms without it"};
    const auto info = engineInfo(parts, stop);
    if (!info && info.error().code == ErrorCode::Stopped)
        return info.error();
    if (!info && backend == "auto")
        return Examined{Status::Warn, info.error().text() + ". Agents work in rooms without it, and nothing can be deployed.", info.error().remedy, engineFix(info.error(), parts.engine)};
    if (!info)
        return Examined{Status::Fail, info.error().text() + ". No run can start.", info.error().remedy, engineFix(info.error(), parts.engine)};
    const auto version = parts.engine->apiVersion(stop); // known by now
    const auto what = fmt::format("{}, API {}, {} ({})", stringIn(*info, "ServerVersion"), version.value_or("unknown"), parts.engine->endpoint().text(),
                                  parts.engine->endpoint().source);
    if (const auto old = tooOld(*info); !old.empty())
        return Examined{Status::Warn, what + ": " + old, "Install a newer engine."};
    if (const auto missing = missingConfinement(*info); !missing.empty())
        return Examined{Status::Fail, fmt::format("{} lacks {}", what, missing),
                       "Agents' commands cannot be locked in there. Use an engine, and a kernel with cgroups, that has it."};
    if (const auto thin = thinWalls(parts.engine->endpoint()); !thin.empty())
        return Examined{Status::Warn, what + ": " + thin, "Let only the group docker use the socket (chmod 660), or let the engine ask for certificates."};
    return Examined{.detail = what};
}

Result<Examined> checkLocalRooms(const DoctorParts& parts, const std::stop_token& stop)
{
    if (parts.config.sandbox.backend == "docker")
        return Examined{.detail = "not used: agents work in containers"};
    auto settings = localSandboxSettings(parts.config);
    if (!settings)
        return std::move(settings).error();
    if (auto tried = LocalSandboxProvider(*std::move(settings)).tryOut(stop); !tried)
        return std::move(tried).error();
    return Examined{.detail = "bubblewrap makes them"};
}

Result<Examined> checkNetwork(const DoctorParts& parts, const std::stop_token& /*stop*/)
{
    const auto& sandbox = parts.config.sandbox;
    if (sandbox.backend == "local" && sandbox.network != "none")
        return Examined{Status::Warn, "none: rooms without an engine have no network, whatever sandbox.network says", "Set sandbox.backend to docker where agents need one."};
    if (sandbox.network == "open")
        return Examined{Status::Warn, "open: agents' commands reach whatever this machine reaches, services of this machine and its neighbours included",
                       "Set sandbox.network to allow-list and name the hosts that are needed, or to none."};
    if (sandbox.network == "none")
        return Examined{.detail = "none: agents' commands reach nothing"};
    if (sandbox.allowedHosts.empty())
        return Examined{Status::Fail, "allow-list: the list is empty", "Name hosts in sandbox.allowed_hosts, such as \"pypi.org:443\", or set sandbox.network to none."};
    std::vector<std::string> wide;
    std::ranges::copy_if(sandbox.allowedHosts, std::back_inserter(wide), [](const std::string& host) { return host.starts_with("*."); });
    const auto all = fmt::format("allow-list: {}, through a proxy that records each attempt", fmt::join(sandbox.allowedHosts, ", "));
    if (wide.empty())
        return Examined{.detail = all};
    return Examined{Status::Warn, all, fmt::format("Name single hosts instead of {}: by the names it asks for, an agent can tell whoever answers for that domain what it knows.", fmt::join(wide, ", "))};
}

Result<Examined> checkImage(const DoctorParts& parts, const std::stop_token& stop)
{
    if (parts.config.sandbox.backend == "local")
        return Examined{.detail = "none is needed: programs are this machine's"};
    const auto& name = parts.config.dockerImage;
    if (parts.engine == nullptr)
        return Examined{Status::Fail, name + " cannot be looked for without an engine", "See to the Docker engine first."};
    const auto image = sandboxImageInfo(*parts.engine, name, stop);
    if (!image)
        return image.error();
    if (!image->exists)
        return Examined{Status::Fail, name + " is not built", "Build it; that takes some minutes, once.", "agent-pipeline sandbox build"};
    const auto what = fmt::format("{}, {} MB", name, image->bytes / 1'000'000);
    if (!image->recipe.empty() && profileOfRecipe(image->recipe).empty())
        return Examined{Status::Warn, what + ", made from another recipe than this program's", "Make it anew.", "agent-pipeline sandbox build"};
    const int days = daysBetween(image->created, now());
    if (const int most = parts.config.sandbox.imageMaxDays; most > 0 && days > most)
        return Examined{Status::Warn, fmt::format("{}, {} days old", what, days), "Make it anew, so that what is in it is mended.", "agent-pipeline sandbox build"};
    return Examined{.detail = what};
}

std::filesystem::path engineFolder(const DoctorParts& parts, const std::stop_token& stop)
{
    if (parts.engine == nullptr || parts.engine->endpoint().transport != DockerEndpoint::Transport::Unix)
        return {};
    const auto info = engineInfo(parts, stop);
    return info ? stringIn(*info, "DockerRootDir") : std::string();
}

} // namespace aap
