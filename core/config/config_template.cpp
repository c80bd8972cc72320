#include "core/config/config_template.h"

#include <fmt/format.h>

#include "core/config/settings.h"

namespace aap {
namespace {

constexpr auto kAbout = "Settings of AI Agent Pipeline. Keys that begin with _ are comments and may go. Flags win over environment variables, those "
                        "over this file, this file over the keychain.";

Json defaultOf(const Setting& setting)
{
    return setting.key == "anthropic_api_key" ? Json("your-key-here") : setting.value(AppConfig{});
}

std::string described(const Setting& setting)
{
    return fmt::format("{} Must be {}; environment: {}.", setting.meaning, setting.rule.expectation(), setting.variables.front().name);
}

std::string variablesOf(const Setting& setting)
{
    std::string names;
    for (const auto& [name, provider] : setting.variables) {
        names += fmt::format("{}`{}`{}", names.empty() ? "" : ", ", name, provider.empty() ? "" : " (" + provider + ")");
        if (setting.rule.secret)
            names += fmt::format(", `{}_FILE`", name);
    }
    return names;
}

} // namespace

std::string initTemplate()
{
    Json json{{"_comment", kAbout}};
    for (const auto& setting : settings()) {
        auto& place = setting.group().empty() ? json : json[std::string(setting.group())];
        const std::string name(setting.name());
        place["_" + name] = described(setting);
        if (auto value = defaultOf(setting); !value.is_null())
            place[name] = std::move(value);
    }
    return json.dump(2) + "\n";
}

std::string settingsReference()
{
    std::string text = "| key | meaning | value | default | environment | flag |\n| --- | --- | --- | --- | --- | --- |\n";
    for (const auto& setting : settings()) {
        const auto value = setting.value(AppConfig{});
        text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", setting.key, setting.meaning, setting.rule.expectation(),
                            value.is_null() ? "" : "`" + value.dump() + "`", variablesOf(setting),
                            setting.flag.empty() ? "" : "`" + setting.flag + "`");
    }
    return text;
}

} // namespace aap
