#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/domain/usage.h"

namespace aap {

/// US dollars per million tokens, which is as much as millionths of a dollar per token.
struct TokenPrices {
    double input = 0;
    double output = 0;
    double cacheWrite = 0;
    double cacheWrite1h = 0;
    double cacheRead = 0;
};

/// What is known of a model.
struct PricedModelInfo {
    std::string id{};
    std::vector<std::string> aliases{};
    std::string name{};
    std::string lifecycle = "active"; ///< active | deprecated | retired
    std::string retiresAt{};          ///< "2026-11-30", or empty
    std::int64_t contextTokens = 0;
    int maxOutputTokens = 0;
    bool isPlain = false; ///< takes neither adaptive thinking nor effort
    TokenPrices prices{};
    std::int64_t longPromptAbove = 0; ///< prompts of more tokens cost `longPromptPrices`; 0: all cost the same
    TokenPrices longPromptPrices{};
};

/// Prices and limits of models as of a date: data, in resources/prices.json and a file of the user's. Immutable once read.
class Prices {
public:
    /// Strict: unknown keys, missing prices and numbers out of range are errors that name their line.
    static Result<Prices> parse(std::string_view text, std::string name);
    /// What the program brings along, and over it the user's file, when there is one: it replaces the models it names.
    static Result<Prices> load(const std::filesystem::path& userFile = {});

    const std::string& date() const { return m_date; }
    const std::vector<PricedModelInfo>& models() const { return m_models; }
    /// By id or alias; null for a model nobody knows, as local ones are.
    const PricedModelInfo* find(std::string_view id) const;
    /// Nothing for an unknown model. Of a sum of several calls the average prompt decides about the price of long ones.
    std::optional<Money> cost(std::string_view model, const Usage& usage) const;
    /// What the cache saved: the same prompts without it would have cost so much more. Negative when writing it cost more than was read.
    std::optional<Money> savedByCache(std::string_view model, const Usage& usage) const;
    /// The model that took the place of one that is no longer served.
    std::optional<std::string> successorOf(std::string_view id) const;
    /// 0 when not known.
    std::int64_t contextTokens(std::string_view model) const;
    /// Ids and aliases of the models that take neither adaptive thinking nor effort.
    std::set<std::string> plainModels() const;

private:
    void overlay(Prices over);

    std::string m_date{};
    std::vector<PricedModelInfo> m_models{};
    std::map<std::string, std::string, std::less<>> m_successors{};
};

} // namespace aap
