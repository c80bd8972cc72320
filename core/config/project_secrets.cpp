#include "core/config/project_secrets.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/files.h"

namespace aap {
namespace {

constexpr std::size_t kMostSecrets = 32;
constexpr std::size_t kLongestSecretName = 64;
constexpr std::size_t kShortestSecret = 8;
constexpr std::size_t kLongestSecret = 64U << 10U;
constexpr std::size_t kShortestHiddenLine = 16;

bool isSecretName(std::string_view name)
{
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && name.size() <= kLongestSecretName && letter(name.front())
        && std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '.' || c == '-'; });
}

Error noSource(std::string_view text)
{
    return Error{ErrorCode::Invalid, fmt::format("\"{}\" names no secret and its place", text.substr(0, 100)), {},
                 "Write NAME=env:VARIABLE, NAME=file:/absolute/path or NAME=keychain."};
}

} // namespace

Result<SecretSource> SecretSource::parse(std::string_view text)
{
    const auto equals = text.find('=');
    const auto place = equals == std::string_view::npos ? std::string_view() : text.substr(equals + 1);
    SecretSource source{.name = std::string(text.substr(0, equals))};
    const bool isPrintable = std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c != 0x7f; });
    if (!isSecretName(source.name) || !isPrintable)
        return noSource(text);
    if (place == "keychain")
        return source;
    const auto colon = place.find(':');
    const auto kind = place.substr(0, colon);
    source.where = colon == std::string_view::npos ? std::string() : std::string(place.substr(colon + 1));
    source.from = kind == "env" ? From::Variable : From::File;
    const bool isVariable = kind == "env" && isSecretName(source.where);
    const bool isFile = kind == "file" && source.where.starts_with('/');
    return isVariable || isFile ? Result<SecretSource>(std::move(source)) : Result<SecretSource>(noSource(text));
}

std::string SecretSource::text() const
{
    switch (from) {
    case From::Variable: return name + "=env:" + where;
    case From::File: return name + "=file:" + where;
    case From::Keychain: break;
    }
    return name + "=keychain";
}

std::string wrongWithSecretSources(const Json& value)
{
    std::set<std::string> names;
    for (const auto& entry : value) {
        const auto source = SecretSource::parse(entry.get_ref<const std::string&>());
        if (!source)
            return "must be entries such as DB_PASSWORD=env:DB_PASSWORD, TLS_KEY=file:/home/me/key.pem or TOKEN=keychain; never a value itself";
        if (!names.insert(source->name).second)
            return "must name each secret once, and names " + source->name + " twice";
    }
    return names.size() <= kMostSecrets ? "" : "must name at most 32 secrets";
}

Result<ApiKey> readSecret(const SecretSource& source, const Environment& environment, const std::function<Result<ApiKey>(const std::string& account)>& keychain)
{
    const auto doing = "read the secret " + source.name;
    Result<ApiKey> value = Error{ErrorCode::Unavailable, "the keychain is not asked here"};
    if (source.from == SecretSource::From::Variable) {
        const auto found = environment.find(source.where);
        value = found == environment.end() ? Result<ApiKey>(Error{ErrorCode::NotFound, fmt::format("the environment variable {} is not set", source.where)})
                                           : Result<ApiKey>(ApiKey(found->second));
    } else if (source.from == SecretSource::From::File) {
        const auto text = readFile(source.where, kLongestSecret);
        value = text ? Result<ApiKey>(ApiKey(*text)) : Result<ApiKey>(text.error());
    } else if (keychain) {
        value = keychain(source.account());
    }
    if (!value)
        return std::move(value).error().during(doing).advise(fmt::format("Give it its value, or take it out: 'agent-pipeline secret remove {}'.", source.name));
    if (value->reveal().size() < kShortestSecret || value->reveal().size() > kLongestSecret)
        return Error{ErrorCode::Invalid, "it has fewer than 8 characters, or more than 64 KiB", {doing},
                     "A shorter one could not be kept out of logs and reports; use a longer one."};
    return value;
}

Result<ProjectSecrets> readProjectSecrets(const std::vector<std::string>& sources, const Environment& environment,
                                          const std::function<Result<ApiKey>(const std::string& account)>& keychain)
{
    ProjectSecrets secrets;
    for (const auto& text : sources) {
        const auto source = SecretSource::parse(text);
        if (!source)
            return source.error();
        auto value = readSecret(*source, environment, keychain);
        if (!value)
            return std::move(value).error();
        secrets[source->name] = *std::move(value);
    }
    return secrets;
}

std::vector<std::string> textsToHide(const ProjectSecrets& secrets)
{
    std::vector<std::string> texts;
    for (const auto& [name, secret] : secrets) {
        const auto& value = secret.reveal();
        texts.push_back(value);
        if (value.find('\n') == std::string::npos)
            continue;
        for (std::size_t begin = 0; begin < value.size();) {
            const auto end = std::min(value.find('\n', begin), value.size());
            if (end - begin >= kShortestHiddenLine)
                texts.push_back(value.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    return texts;
}

std::vector<std::string> withSecretSource(std::vector<std::string> sources, const std::string& name, const std::string& source)
{
    std::erase_if(sources, [&name](const std::string& text) { return text.starts_with(name + "="); });
    if (!source.empty())
        sources.push_back(source);
    return sources;
}

} // namespace aap
