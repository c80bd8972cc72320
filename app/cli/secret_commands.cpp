#include "app/cli/secret_commands.h"

#include <algorithm>
#include <filesystem>
#include <istream>
#include <ostream>

#include <fmt/format.h>

#include "app/cli/exit.h"
#include "app/cli/printable.h"
#include "app/composition.h"
#include "core/config/edit_config.h"
#include "core/config/project_secrets.h"
#include "core/config/secret_store.h"

namespace aap {
namespace {

/// Enough for any secret; what is longer is refused when it is read.
constexpr std::size_t kMostTyped = 65U << 10U;

ConfigSources sourcesOf(const Options& options, const Composition& composition)
{
    return {.environment = composition.environment(), .file = options.configFile, .workingFolder = std::filesystem::current_path(),
            .configFolder = composition.folders().config};
}

Result<SecretSource> sourceFrom(const Options& options)
{
    if (!options.secretVariable.empty())
        return SecretSource::parse(options.secretName + "=env:" + options.secretVariable);
    if (!options.secretFile.empty())
        return SecretSource::parse(options.secretName + "=file:" + std::filesystem::absolute(options.secretFile).lexically_normal().string());
    return SecretSource::parse(options.secretName + "=keychain");
}

Result<void> keepInKeychain(const SecretSource& source, const Composition& composition, std::istream& in)
{
    std::string typed;
    for (char c = 0; typed.size() <= kMostTyped && in.get(c);)
        typed += c;
    const ApiKey value(typed);
    std::ranges::fill(typed, '\0');
    // Read by the rules that hold when a run begins.
    const auto fits = readSecret(source, {}, [&value](const std::string&) { return Result<ApiKey>(value); });
    if (!fits)
        return fits.error();
    if (composition.keychain() == nullptr)
        return Error{ErrorCode::Unavailable, "there is no keychain", {}, "Keep the value in a variable (--env) or in a file of yours (--file)."};
    auto kept = composition.keychain()->write(source.account(), value, {});
    return kept ? kept : std::move(kept).error().during("keep the secret " + source.name).advise("Keep the value in a variable (--env) or in a file of yours (--file).");
}

Result<std::filesystem::path> saveSources(const Options& options, const Composition& composition, const std::vector<std::string>& sources)
{
    const auto& setting = *std::ranges::find(settings(), "sandbox.secrets", &Setting::key);
    const auto edited = editConfig(sourcesOf(options, composition), setting, sources.empty() ? std::optional<Json>() : std::optional<Json>(sources));
    if (!edited)
        return edited.error();
    return edited->file;
}

/// A file that nobody named is not believed when it hands out secrets.
std::string hintAbout(const std::filesystem::path& file, const Options& options, const Composition& composition)
{
    if (!options.configFile.empty() || file.parent_path() == composition.folders().config)
        return {};
    return fmt::format("Name the file when you run: --config {}. One that merely lies in the folder may not hand out secrets.\n", printable(file.string()));
}

Result<std::string> set(const Options& options, const Composition& composition, std::istream& in)
{
    const auto source = sourceFrom(options);
    if (!source)
        return source.error();
    const auto sources = withSecretSource(composition.config().sandbox.secrets, source->name, source->text());
    if (const auto wrong = wrongWithSecretSources(sources); !wrong.empty())
        return Error{ErrorCode::Invalid, "sandbox.secrets " + wrong};
    if (source->from == SecretSource::From::Keychain)
        if (auto kept = keepInKeychain(*source, composition, in); !kept)
            return std::move(kept).error();
    const auto file = saveSources(options, composition, sources);
    if (!file)
        return file.error();
    return fmt::format("Sandboxes are given {} as /run/secrets/{}; {} says so, without the value.\n{}", source->text(), source->name, printable(file->string()),
                       hintAbout(*file, options, composition));
}

Result<std::string> remove(const Options& options, const Composition& composition)
{
    const auto& before = composition.config().sandbox.secrets;
    const auto after = withSecretSource(before, options.secretName, {});
    if (after.size() == before.size())
        return Error{ErrorCode::NotFound, fmt::format("there is no secret '{}'", printable(options.secretName)), {}, "'agent-pipeline secret list' names them."};
    if (std::ranges::find(before, options.secretName + "=keychain") != before.end() && composition.keychain() != nullptr)
        if (auto gone = composition.keychain()->remove(SecretSource{.name = options.secretName}.account(), {}); !gone && gone.error().code != ErrorCode::NotFound)
            return std::move(gone).error().during("take the secret out of the keychain");
    const auto file = saveSources(options, composition, after);
    if (!file)
        return file.error();
    return fmt::format("Removed the secret {}.\n", printable(options.secretName));
}

std::string list(const Options& options, const Composition& composition)
{
    auto json = Json::array();
    std::string text;
    for (const auto& entry : composition.config().sandbox.secrets) {
        const auto source = SecretSource::parse(entry);
        if (!source)
            continue;
        const auto value = readSecret(*source, composition.environment(), [&](const std::string& account) {
            return composition.keychain() == nullptr ? Result<ApiKey>(Error{ErrorCode::Unavailable, "there is no keychain"}) : composition.keychain()->read(account, {});
        });
        const auto state = value ? std::string("found") : value.error().detail;
        json.push_back({{"name", source->name}, {"source", source->text().substr(source->name.size() + 1)}, {"found", value.has_value()}, {"state", state}});
        text += fmt::format("{:<24} {:<40} {}\n", source->name, printable(source->text().substr(source->name.size() + 1)), printable(state));
    }
    if (options.json)
        return json.dump() + "\n";
    return text.empty() ? "Sandboxes are given no secrets.\n" : text;
}

} // namespace

int secretCommand(const Options& options, const Composition& composition, std::istream& in, std::ostream& out)
{
    if (options.command == "secret list") {
        out << list(options, composition) << std::flush;
        return 0;
    }
    const auto done = options.command == "secret set" ? set(options, composition, in) : remove(options, composition);
    if (!done)
        return failed(done.error(), exitCodeOf(done.error()));
    if (!options.quiet)
        out << *done << std::flush;
    return 0;
}

} // namespace aap
