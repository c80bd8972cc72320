#include <algorithm>

#include <fmt/format.h>

#include <QUrl>

#include "core/base/files.h"
#include "core/config/app_config.h"
#include "core/config/config_file.h"
#include "core/config/settings.h"

namespace aap {
namespace {

constexpr std::uintmax_t kLongestSecretFile = 64U << 10U;

/// A value and who gave it.
struct Found {
    Json value{};
    Origin origin{};
};
using MaybeFound = Result<std::optional<Found>>;

bool isUtf8(const std::string& text)
{
    return QString::fromStdString(text).toStdString() == text; // bad bytes come back as U+FFFD
}

/// What a template left where a secret belongs, or nothing at all, is as good as not set.
bool isNothing(const Setting& setting, std::string_view text)
{
    return setting.rule.secret && isPlaceholder(ApiKey(text).reveal());
}

/// Asks one source after the other.
class Loader {
public:
    Loader(const ConfigSources& sources, const std::optional<ConfigFile>& file) : m_sources(sources), m_file(file) {}

    Result<AppConfig> load();

private:
    Result<void> take(const Setting& setting);
    MaybeFound find(const Setting& setting) const;
    MaybeFound fromText(const Setting& setting, const std::string& text, Origin origin) const;
    MaybeFound fromEnvironment(const Setting& setting) const;
    MaybeFound fromSecretFile(const Setting& setting, const std::string& variable, const std::string& path) const;
    std::optional<Found> fromFile(const Setting& setting) const;
    const std::string* variable(const std::string& name) const;
    void askKeychain();
    void replaceRetiredModels();
    void replaceIfRetired(std::string& model, const std::string& key);
    Result<void> checkFlags() const;
    Result<void> checkTogether() const;
    Result<void> checkFoundFile() const;

    const ConfigSources& m_sources;
    const std::optional<ConfigFile>& m_file;
    AppConfig m_config;
};

const Setting& settingOf(std::string_view key)
{
    return *std::ranges::find(settings(), key, &Setting::key);
}

Result<AppConfig> Loader::load()
{
    if (auto known = checkFlags(); !known)
        return std::move(known).error();
    if (auto taken = take(settingOf("provider.name")); !taken) // it decides which variables count
        return std::move(taken).error();
    for (const auto& setting : settings())
        if (auto taken = take(setting); !taken)
            return std::move(taken).error();
    askKeychain();
    replaceRetiredModels();
    for (const auto& checked : {checkTogether(), checkFoundFile()})
        if (!checked)
            return checked.error();
    return std::move(m_config);
}

Result<void> Loader::checkFlags() const
{
    for (const auto& [key, text] : m_sources.flags)
        if (std::ranges::find(settings(), key, &Setting::key) == settings().end())
            return Error{ErrorCode::Invalid, "there is no setting " + key, {}, "Use one of those that agent-pipeline init writes down."};
    return {};
}

Result<void> Loader::take(const Setting& setting)
{
    auto found = find(setting);
    if (!found)
        return std::move(found).error();
    if (*found)
        setting.set(m_config, (**found).value);
    m_config.origins[setting.key] = *found ? (**found).origin : Origin{};
    return {};
}

MaybeFound Loader::find(const Setting& setting) const
{
    if (const auto flag = m_sources.flags.find(setting.key); flag != m_sources.flags.end())
        return fromText(setting, flag->second, {Origin::Source::Flag, setting.flag.empty() ? setting.key : setting.flag});
    auto found = fromEnvironment(setting);
    if (!found || *found)
        return found;
    return fromFile(setting);
}

MaybeFound Loader::fromText(const Setting& setting, const std::string& text, Origin origin) const
{
    auto value = valueFromText(setting.rule, text);
    const auto complaint = isUtf8(text) ? setting.wrongWith(value) : "must be UTF-8";
    if (complaint.empty())
        return std::optional(Found{std::move(value), std::move(origin)});
    const auto* kind = origin.source == Origin::Source::Flag ? "" : "the environment variable ";
    return Error{ErrorCode::Invalid, fmt::format("{}{} {}", kind, origin.where, complaint), {},
                 fmt::format("Correct or remove {}. It sets {}.", origin.where, setting.key)};
}

const std::string* Loader::variable(const std::string& name) const
{
    const auto found = m_sources.environment.find(name);
    return found == m_sources.environment.end() || found->second.empty() ? nullptr : &found->second;
}

MaybeFound Loader::fromEnvironment(const Setting& setting) const
{
    for (const auto& [name, provider] : setting.variables) {
        if (!provider.empty() && provider != m_config.provider.name)
            continue;
        if (const auto* text = variable(name); text != nullptr && !isNothing(setting, *text))
            return fromText(setting, *text, {Origin::Source::Variable, name});
        if (const auto* path = setting.rule.secret ? variable(name + "_FILE") : nullptr; path != nullptr)
            return fromSecretFile(setting, name + "_FILE", *path);
    }
    return std::optional<Found>();
}

MaybeFound Loader::fromSecretFile(const Setting& setting, const std::string& name, const std::string& path) const
{
    auto text = readFile(path, kLongestSecretFile);
    if (!text)
        return std::move(text).error().during("the environment variable " + name).advise("Let it name a readable file with the secret, or remove it.");
    if (ApiKey(*text).isEmpty())
        return Error{ErrorCode::Invalid, "the environment variable " + name + ": the file " + path + " is empty", {},
                     "Let it name a file with the secret, or remove it."};
    return fromText(setting, *text, {Origin::Source::Variable, name});
}

std::optional<Found> Loader::fromFile(const Setting& setting) const
{
    const auto* value = m_file ? m_file->value(setting.key) : nullptr;
    if (value == nullptr || (value->is_string() && isNothing(setting, value->get_ref<const std::string&>())))
        return std::nullopt;
    return Found{*value, {Origin::Source::File, m_file->place(setting.key)}};
}

void Loader::askKeychain()
{
    const bool anthropic = m_config.provider.name == "anthropic";
    auto& key = anthropic ? m_config.anthropicApiKey : m_config.provider.authToken;
    const std::string account = anthropic ? "anthropic_api_key" : "provider.auth_token";
    if (!m_sources.keychain || m_config.provider.name == "replay" || !key.isEmpty() || !m_config.provider.authToken.isEmpty())
        return;
    auto kept = m_sources.keychain(account);
    if (kept && kept->isUsable()) {
        key = *std::move(kept);
        m_config.origins[account] = {Origin::Source::Keychain};
    } else if (!kept && kept.error().code != ErrorCode::NotFound && kept.error().code != ErrorCode::Unavailable) {
        m_config.notices.push_back(fmt::format("The keychain did not give the key: {}. {}", kept.error().text(), kept.error().remedy));
    }
}

void Loader::replaceIfRetired(std::string& model, const std::string& key)
{
    const auto successor = m_sources.successorOf(model);
    if (!successor)
        return;
    m_config.notices.push_back(fmt::format("The model {} is retired; {} is used instead. Set {} to choose another ({}).", model, *successor, key,
                                           m_config.origins[key].text()));
    model = *successor;
}

void Loader::replaceRetiredModels()
{
    if (!m_sources.successorOf)
        return;
    replaceIfRetired(m_config.anthropicModel, "anthropic_model");
    for (auto& [stage, model] : m_config.models) {
        auto key = "models." + std::string(slug(stage));
        std::ranges::replace(key, '-', '_');
        replaceIfRetired(model, key);
    }
}

Result<void> Loader::checkTogether() const
{
    if (m_config.provider.name == "openai" && m_config.origins.at("anthropic_model").source == Origin::Source::Default)
        return Error{ErrorCode::Invalid, "provider.name is \"openai\", but no model of that server is named", {},
                     "Set anthropic_model, ANTHROPIC_MODEL or --model to a model id that the server knows."};
    return {};
}

/// A config.json that merely lay in the folder may have come with somebody's repository: it must not send a key from elsewhere,
/// or the project, to an address of its choice.
Result<void> Loader::checkFoundFile() const
{
    const auto isForeign = [&](const std::string& key, const std::string& address) {
        const auto host = QUrl(QString::fromStdString(address)).host();
        const bool local = host.isEmpty() || host == QLatin1String("localhost") || host == QLatin1String("127.0.0.1") || host == QLatin1String("::1");
        return m_config.origins.at(key).source == Origin::Source::File && !local;
    };
    const auto fromElsewhere = [&](const std::string& key, const ApiKey& secret) {
        return !secret.isEmpty() && m_config.origins.at(key).source != Origin::Source::File;
    };
    if (!m_file || m_file->wasNamed || m_file->path.parent_path() == m_sources.configFolder)
        return {};
    const bool leaks = isForeign("provider.base_url", m_config.provider.baseUrl)
                       && (fromElsewhere("anthropic_api_key", m_config.anthropicApiKey) || fromElsewhere("provider.auth_token", m_config.provider.authToken));
    const bool remote = isForeign("sandbox.docker_host", m_config.sandbox.dockerHost);
    const auto isHere = [&](const char* key) { return m_config.origins.at(key).source == Origin::Source::File; };
    if (m_config.sandbox.network != "none" && (isHere("sandbox.network") || (m_config.sandbox.network == "allow-list" && isHere("sandbox.allowed_hosts"))))
        return Error{ErrorCode::Unauthorized,
                     fmt::format("{}: sandbox.network would let agents' commands out, and nobody named this file", m_file->place("sandbox.network")), {},
                     "If you trust the file, name it: --config " + m_file->path.string() + "."};
    if (!m_config.sandbox.secrets.empty() && isHere("sandbox.secrets"))
        return Error{ErrorCode::Unauthorized,
                     fmt::format("{}: sandbox.secrets would hand secrets of yours to agents, and nobody named this file", m_file->place("sandbox.secrets")), {},
                     "If you trust the file, name it: --config " + m_file->path.string() + "."};
    if (!leaks && !remote)
        return {};
    const std::string key = leaks ? "provider.base_url" : "sandbox.docker_host";
    return Error{ErrorCode::Unauthorized,
                 fmt::format("{}: {} would send {} to another machine, and nobody named this file", m_file->place(key), key, leaks ? "your key" : "the project"), {},
                 "If you trust the file, name it: --config " + m_file->path.string() + "."};
}

} // namespace

Result<AppConfig> loadConfig(const ConfigSources& sources)
{
    auto file = readConfigFile(sources);
    if (!file)
        return std::move(file).error();
    return Loader(sources, *file).load();
}

} // namespace aap
