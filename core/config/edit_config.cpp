#include "core/config/edit_config.h"

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/config/config_file.h"

namespace aap {
namespace {

constexpr std::uintmax_t kLargestEdited = 1U << 20U;

FileMode modeOf(const std::filesystem::path& file)
{
    std::error_code missing;
    const auto mode = std::filesystem::status(file, missing).permissions();
    const bool others = (mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) != std::filesystem::perms::none;
    return !missing && others ? FileMode::Shared : FileMode::Private;
}

/// Where the setting stands in the document; its group is made when it is missing.
Json& placeOf(Json& root, const Setting& setting)
{
    return setting.group().empty() ? root : root[std::string(setting.group())];
}

} // namespace

Result<std::string> withSetting(std::string_view text, const Setting& setting, const std::optional<Json>& value)
{
    if (const auto wrong = value ? setting.wrongWith(*value) : std::string(); !wrong.empty())
        return Error{ErrorCode::Invalid, fmt::format("{} {}", setting.key, wrong), {}, "Enter a value that is allowed."};
    auto document = JsonDocument::parse(text.empty() ? std::string_view("{}") : text, "config.json");
    if (!document)
        return std::move(document).error();
    auto& root = document->root;
    if (!root.is_object() || (!setting.group().empty() && root.contains(setting.group()) && !root[std::string(setting.group())].is_object()))
        return Error{ErrorCode::Invalid, "the configuration file is no object of settings", {}, "Write a fresh one: agent-pipeline init."};
    const std::string name(setting.name());
    if (value)
        placeOf(root, setting)[name] = *value;
    else if (setting.group().empty() || root.contains(setting.group()))
        placeOf(root, setting).erase(name);
    return root.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::filesystem::path editedConfigFile(const ConfigSources& sources)
{
    const auto found = readConfigFile(sources);
    return found && *found ? (**found).path : sources.configFolder / "config.json";
}

Result<EditedConfig> editConfig(const ConfigSources& sources, const Setting& setting, const std::optional<Json>& value)
{
    auto found = readConfigFile(sources);
    if (!found)
        return std::move(found).error();
    EditedConfig edited{.file = *found ? (**found).path : sources.configFolder / "config.json"};
    std::error_code failed;
    if (const auto behindLink = std::filesystem::weakly_canonical(edited.file, failed); !failed)
        edited.file = behindLink; // a link to somewhere else stays one
    if (*found) {
        auto before = readFile(edited.file, kLargestEdited);
        if (!before)
            return std::move(before).error();
        edited.before = *std::move(before);
    }
    const auto text = withSetting(edited.before.value_or(""), setting, value);
    if (!text)
        return text.error();
    if (auto written = writeFileAtomically(edited.file, *text, modeOf(edited.file)); !written)
        return std::move(written).error();
    return edited;
}

Result<void> undoEdit(const EditedConfig& edited)
{
    if (edited.before)
        return writeFileAtomically(edited.file, *edited.before, modeOf(edited.file));
    std::error_code failed;
    std::filesystem::remove(edited.file, failed);
    return failed ? Result<void>(Error{ErrorCode::Io, "cannot remove " + edited.file.string()}) : Result<void>();
}

} // namespace aap
