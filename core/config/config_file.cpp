#include "core/config/config_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/config/settings.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kLargestFile = 1U << 20U;

std::string pointerOf(std::string_view key)
{
    const auto dot = key.find('.');
    const auto first = childPointer("", key.substr(0, dot));
    return dot == key.npos ? first : childPointer(first, key.substr(dot + 1));
}

std::optional<fs::path> chosenFile(const ConfigSources& sources)
{
    if (!sources.file.empty())
        return sources.file;
    std::error_code ignored; // what cannot even be looked at is taken, so that reading it says why
    for (const auto& folder : {sources.workingFolder, sources.configFolder})
        if (!folder.empty() && fs::symlink_status(folder / "config.json", ignored).type() != fs::file_type::not_found)
            return folder / "config.json";
    return std::nullopt;
}

/// Takes what is there, so that the reader notes the first value that is wrong.
Result<void> checkGroup(const JsonDocument& document, const std::string& group)
{
    ObjectReader object(document, group.empty() ? "" : childPointer("", group), group.empty() ? rootKeys() : keysOf(group));
    for (const auto& setting : settings()) {
        if (setting.group() != group)
            continue;
        const std::string name(setting.name());
        const auto* value = object.take(name);
        if (const auto complaint = value == nullptr ? std::string() : setting.wrongWith(*value); !complaint.empty())
            object.complain(name, complaint);
    }
    return object.failed() ? Result<void>(object.error()) : Result<void>();
}

Result<void> check(const JsonDocument& document)
{
    auto checked = checkGroup(document, "");
    for (const auto& group : groups())
        if (checked && document.root.contains(group))
            checked = checkGroup(document, group);
    return checked;
}

const Setting* secretIn(const ConfigFile& file)
{
    const auto found = std::ranges::find_if(settings(), [&](const Setting& setting) {
        const auto* value = setting.rule.secret ? file.value(setting.key) : nullptr;
        return value != nullptr && !value->get_ref<const std::string&>().empty() && !isPlaceholder(value->get<std::string>());
    });
    return found == settings().end() ? nullptr : &*found;
}

Result<void> checkPermissions(const ConfigFile& file)
{
    struct stat status {};
    if (::stat(file.path.c_str(), &status) != 0)
        return Error{ErrorCode::Io, "cannot look at " + file.path.string(), {}, "Check its permissions."};
    if (!file.wasNamed && status.st_uid != ::geteuid() && status.st_uid != 0)
        return Error{ErrorCode::Unauthorized, file.path.string() + " belongs to somebody else", {},
                     "If you trust it, name it: --config " + file.path.string() + "; else remove it or start elsewhere."};
    const auto* secret = secretIn(file);
    if (secret != nullptr && (status.st_mode & 0077U) != 0)
        return Error{ErrorCode::Unauthorized, fmt::format("{}: others can read this file, and {} is in it", file.place(secret->key), secret->key), {},
                     "Run: chmod 600 " + file.path.string()};
    return {};
}

} // namespace

const Json* ConfigFile::value(const std::string& key) const
{
    const Json::json_pointer pointer(pointerOf(key));
    return document.root.contains(pointer) ? &document.root.at(pointer) : nullptr;
}

std::string ConfigFile::place(const std::string& key) const
{
    const auto line = document.lines.find(pointerOf(key));
    return fmt::format("{}, line {}", document.name, line == document.lines.end() ? 1 : line->second);
}

Result<std::optional<ConfigFile>> readConfigFile(const ConfigSources& sources)
{
    const auto path = chosenFile(sources);
    if (!path)
        return std::optional<ConfigFile>();
    auto text = readFile(*path, kLargestFile);
    if (!text)
        return std::move(text).error().during("read the configuration").advise(
            "Correct its permissions, or name another file with --config; agent-pipeline init writes a fresh one.");
    auto document = JsonDocument::parse(*text, path->string());
    if (!document)
        return std::move(document).error();
    ConfigFile file{.path = *path, .document = *std::move(document), .wasNamed = !sources.file.empty()};
    if (auto fine = check(file.document); !fine)
        return std::move(fine).error().advise("Correct that place, or write a fresh file to compare with: agent-pipeline init --output fresh.json.");
    if (auto fine = checkPermissions(file); !fine)
        return std::move(fine).error();
    return std::optional(std::move(file));
}

} // namespace aap
