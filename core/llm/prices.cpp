#include "core/llm/prices.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <QFile>

#include "core/base/files.h"
#include "core/base/json_document.h"

namespace aap {
namespace {

using Rule = ValueRule;
constexpr const char* kResource = ":/prices.json";

const Rule kName{.kind = Rule::Kind::Text, .mayBeEmpty = false};
const Rule kPrice{.kind = Rule::Kind::Number, .min = 0, .max = 10'000};

template <typename T>
void read(ObjectReader& object, const std::string& key, const Rule& rule, T& target, bool isRequired = false)
{
    if (const auto* value = object.take(key, rule))
        target = value->get<T>();
    else if (isRequired)
        object.complain(key, "is missing: it must be " + rule.expectation());
}

Result<TokenPrices> readPrices(const JsonDocument& document, const std::string& pointer)
{
    ObjectReader object(document, pointer, {"input", "output", "cache_write", "cache_write_1h", "cache_read"});
    TokenPrices prices;
    read(object, "input", kPrice, prices.input, true);
    read(object, "output", kPrice, prices.output, true);
    prices.cacheWrite = prices.cacheWrite1h = prices.cacheRead = prices.input; // where there is no cache
    read(object, "cache_write", kPrice, prices.cacheWrite);
    read(object, "cache_write_1h", kPrice, prices.cacheWrite1h);
    read(object, "cache_read", kPrice, prices.cacheRead);
    if (object.failed())
        return object.error();
    return prices;
}

Result<void> readLongPrompt(const JsonDocument& document, const std::string& pointer, PricedModelInfo& model)
{
    ObjectReader object(document, pointer, {"above_tokens", "usd"});
    read(object, "above_tokens", {.kind = Rule::Kind::Integer, .min = 1, .max = 1e9}, model.longPromptAbove, true);
    if (object.take("usd") == nullptr)
        object.complain("usd", "is missing: it must hold the prices");
    if (object.failed())
        return object.error();
    auto prices = readPrices(document, childPointer(pointer, "usd"));
    if (!prices)
        return std::move(prices).error();
    model.longPromptPrices = *prices;
    return {};
}

Result<PricedModelInfo> readModel(const JsonDocument& document, const std::string& pointer)
{
    ObjectReader object(document, pointer,
                        {"id", "aliases", "name", "lifecycle", "retires_at", "context_tokens", "max_output_tokens", "plain", "usd", "long_prompt"});
    PricedModelInfo model;
    read(object, "id", kName, model.id, true);
    read(object, "aliases", {.kind = Rule::Kind::TextList, .mayBeEmpty = false}, model.aliases);
    model.name = model.id;
    read(object, "name", kName, model.name);
    read(object, "lifecycle", {.kind = Rule::Kind::Text, .choices = {"active", "deprecated", "retired"}}, model.lifecycle);
    read(object, "retires_at", kName, model.retiresAt);
    read(object, "context_tokens", {.kind = Rule::Kind::Integer, .min = 0, .max = 1e9}, model.contextTokens);
    read(object, "max_output_tokens", {.kind = Rule::Kind::Integer, .min = 0, .max = 1e9}, model.maxOutputTokens);
    read(object, "plain", {.kind = Rule::Kind::Boolean}, model.isPlain);
    if (object.take("usd") == nullptr)
        object.complain("usd", "is missing: it must hold the prices");
    const bool hasLongPrompt = object.take("long_prompt") != nullptr;
    if (object.failed())
        return object.error();
    auto prices = readPrices(document, childPointer(pointer, "usd"));
    if (!prices)
        return std::move(prices).error();
    model.prices = *prices;
    if (hasLongPrompt)
        if (auto longPrompt = readLongPrompt(document, childPointer(pointer, "long_prompt"), model); !longPrompt)
            return std::move(longPrompt).error();
    return model;
}

Result<std::string> bundledText()
{
    QFile file{QLatin1String(kResource)};
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound, "the program lacks its prices"};
    return file.readAll().toStdString();
}

} // namespace

Result<Prices> Prices::parse(std::string_view text, std::string name)
{
    const auto document = JsonDocument::parse(text, std::move(name));
    if (!document)
        return document.error();
    ObjectReader object(*document, "", {"schema", "date", "models", "successors"});
    Prices prices;
    std::string schema;
    read(object, "schema", {.kind = Rule::Kind::Text, .choices = {"aap/prices/1"}}, schema, true);
    read(object, "date", kName, prices.m_date, true);
    const auto* models = object.take("models");
    if (models != nullptr && !models->is_array())
        object.complain("models", "must be a list");
    const auto* successors = object.take("successors");
    if (successors != nullptr && !successors->is_object())
        object.complain("successors", "must be an object");
    if (object.failed())
        return object.error();
    for (std::size_t i = 0; models != nullptr && i < models->size(); ++i) {
        auto model = readModel(*document, childPointer("/models", std::to_string(i)));
        if (!model)
            return std::move(model).error();
        prices.m_models.push_back(*std::move(model));
    }
    const auto none = Json::object();
    for (const auto& [id, successor] : (successors == nullptr ? none : *successors).items()) {
        if (const auto complaint = kName.complaint(successor); !complaint.empty())
            return document->invalid(childPointer("/successors", id), complaint);
        prices.m_successors[id] = successor.get<std::string>();
    }
    return prices;
}

Result<Prices> Prices::load(const std::filesystem::path& userFile)
{
    const auto text = bundledText();
    if (!text)
        return text.error();
    auto prices = parse(*text, kResource);
    std::error_code failed;
    if (!prices || userFile.empty() || !std::filesystem::exists(userFile, failed))
        return prices;
    const auto own = readFile(userFile);
    if (!own)
        return own.error();
    auto over = parse(*own, userFile.string());
    if (!over)
        return over;
    prices->overlay(*std::move(over));
    return prices;
}

void Prices::overlay(Prices over)
{
    m_date = std::move(over.m_date);
    for (auto& model : over.m_models) {
        std::erase_if(m_models, [&](const PricedModelInfo& known) { return known.id == model.id; });
        m_models.push_back(std::move(model));
    }
    for (auto& [id, successor] : over.m_successors)
        m_successors[id] = std::move(successor);
}

const PricedModelInfo* Prices::find(std::string_view id) const
{
    const auto found = std::ranges::find_if(
        m_models, [&](const PricedModelInfo& model) { return model.id == id || std::ranges::find(model.aliases, id) != model.aliases.end(); });
    return found == m_models.end() ? nullptr : &*found;
}

std::optional<Money> Prices::cost(std::string_view model, const Usage& usage) const
{
    const auto* known = find(model);
    if (known == nullptr)
        return std::nullopt;
    const auto prompt = usage.promptTokens() / std::max<std::int64_t>(1, usage.calls);
    const auto& prices = known->longPromptAbove > 0 && prompt > known->longPromptAbove ? known->longPromptPrices : known->prices;
    const double microUsd = double(usage.inputTokens) * prices.input + double(usage.outputTokens) * prices.output
        + double(usage.cacheReadTokens) * prices.cacheRead + double(usage.cacheWriteTokens) * prices.cacheWrite
        + double(usage.cacheWrite1hTokens) * prices.cacheWrite1h;
    return Money{std::llround(microUsd)};
}

std::optional<Money> Prices::savedByCache(std::string_view model, const Usage& usage) const
{
    auto uncached = usage;
    uncached.inputTokens = usage.promptTokens();
    uncached.cacheReadTokens = uncached.cacheWriteTokens = uncached.cacheWrite1hTokens = 0;
    const auto without = cost(model, uncached);
    const auto with = cost(model, usage);
    return without && with ? std::optional(Money{without->microUsd - with->microUsd}) : std::nullopt;
}

std::optional<std::string> Prices::successorOf(std::string_view id) const
{
    const auto found = m_successors.find(id);
    return found == m_successors.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t Prices::contextTokens(std::string_view model) const
{
    const auto* known = find(model);
    return known == nullptr ? 0 : known->contextTokens;
}

std::set<std::string> Prices::plainModels() const
{
    std::set<std::string> plain;
    for (const auto& model : m_models) {
        if (!model.isPlain)
            continue;
        plain.insert(model.id);
        plain.insert(model.aliases.begin(), model.aliases.end());
    }
    return plain;
}

} // namespace aap
