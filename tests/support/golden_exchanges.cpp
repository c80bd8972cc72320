#include "tests/support/golden_exchanges.h"

#include <stdexcept>

#include "core/base/files.h"

namespace aap {
namespace {

GoldenExchange fromIndex(const Json& entry, const std::string& folder)
{
    const auto file = [&folder](const std::string& name) {
        auto content = readFile(folder + "/" + name);
        if (!content)
            throw std::runtime_error(content.error().text());
        return *std::move(content);
    };
    GoldenExchange golden{.name = entry.at("name"), .api = entry.at("api"), .method = entry.at("method"), .path = entry.at("path")};
    if (entry.contains("request"))
        golden.request = Json::parse(file(entry.at("request")));
    golden.expected = Json::parse(file(entry.at("expected")));
    golden.answer.status = entry.at("status");
    golden.answer.headers.clear();
    for (const auto& [name, value] : entry.at("headers").items())
        golden.answer.headers.emplace_back(name, value.get<std::string>());
    golden.answer.body = file(entry.at("response"));
    if (entry.contains("splits"))
        golden.splits = entry.at("splits").get<std::vector<std::size_t>>();
    return golden;
}

} // namespace

std::vector<GoldenExchange> goldenExchanges(const std::string& folder)
{
    const auto index = readFile(folder + "/index.json");
    if (!index)
        throw std::runtime_error(index.error().text());
    std::vector<GoldenExchange> all;
    for (const auto& entry : Json::parse(*index))
        all.push_back(fromIndex(entry, folder));
    return all;
}

GoldenExchange goldenExchange(const std::string& name)
{
    for (auto& golden : goldenExchanges())
        if (golden.name.starts_with(name))
            return golden;
    throw std::runtime_error("there is no golden exchange " + name);
}

} // namespace aap
