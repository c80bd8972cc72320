#include "core/pipeline/repair.h"

#include <algorithm>

#include <QRegularExpression>
#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "core/base/files.h"

namespace aap {
namespace {

constexpr std::size_t kMostExcerptBytes = 8192;
constexpr std::size_t kMostFrames = 20;

bool isFailing(const TestEvidence::Case& test)
{
    return !test.passed && !test.skipped;
}

/// "tests/t.py::a[1]" -> "tests/t.py::a"
std::string withoutParameter(const std::string& id)
{
    return id.substr(0, id.find('['));
}

Json requirementsOf(const std::string& id, const Json& testReport)
{
    std::set<std::string> requirements;
    for (const auto& cover : testReport.value("covers", Json::array()))
        for (const auto& test : cover.at("tests"))
            if (test.get<std::string>() == id || test.get<std::string>() == withoutParameter(id))
                requirements.insert(cover.at("requirement").get<std::string>());
    for (const auto& failure : testReport.value("failures", Json::array()))
        if (failure.at("test").get<std::string>() == id || failure.at("test").get<std::string>() == withoutParameter(id))
            for (const auto& requirement : failure.value("requirements", Json::array()))
                requirements.insert(requirement.get<std::string>());
    Json list = Json::array();
    for (const auto& requirement : requirements)
        list.push_back(requirement);
    return list;
}

/// The end of an output, whole characters and at most so many bytes.
std::string endOf(const std::string& text)
{
    auto clean = cleanText(text);
    if (clean.size() <= kMostExcerptBytes)
        return clean;
    auto from = clean.size() - kMostExcerptBytes;
    while (from < clean.size() && (static_cast<unsigned char>(clean[from]) & 0xC0U) == 0x80U)
        ++from;
    return clean.substr(from);
}

Json failureOf(const TestEvidence::Case& test, const TestEvidence& evidence, const Json& testReport)
{
    Json frames = Json::array();
    for (std::size_t i = 0; i < std::min(test.frames.size(), kMostFrames); ++i)
        frames.push_back(cleanText(test.frames[i]));
    return {{"test", shortened(test.id, 300)}, {"signature", failureSignature(test)}, {"requirements", requirementsOf(test.id, testReport)}, {"argv", evidence.argv},
            {"exit_code", evidence.exitCode}, {"excerpt", endOf(test.excerpt.empty() ? test.message : test.excerpt)}, {"log", evidence.log}, {"frames", frames}};
}

} // namespace

Json evidenceJson(const TestEvidence& evidence)
{
    Json failing = Json::array();
    for (const auto& test : evidence.cases)
        if (isFailing(test))
            failing.push_back({{"id", test.id}, {"message", test.message}, {"excerpt", test.excerpt}, {"frames", test.frames}});
    return {{"failing", failing}, {"argv", evidence.argv}, {"exit_code", evidence.exitCode}, {"log", evidence.log}};
}

TestEvidence evidenceFrom(const Json& json)
{
    TestEvidence evidence{.argv = json.at("argv").get<std::vector<std::string>>(), .exitCode = json.at("exit_code").get<int>(), .log = json.at("log").get<std::string>()};
    for (const auto& test : json.at("failing"))
        evidence.cases.push_back({.id = test.at("id").get<std::string>(), .message = test.at("message").get<std::string>(),
                                  .excerpt = test.at("excerpt").get<std::string>(), .frames = test.at("frames").get<std::vector<std::string>>()});
    return evidence;
}

std::string failureSignature(const TestEvidence::Case& failure)
{
    static const QRegularExpression changing(QStringLiteral("0x[0-9a-fA-F]+|/[^\\s:'\"]+|[0-9]+"));
    auto line = QString::fromStdString(failure.message.substr(0, failure.message.find('\n'))).simplified();
    return sha256(failure.id + "\n" + line.replace(changing, QStringLiteral("#")).toStdString());
}

Json repairDocument(const TestEvidence& evidence, const Json& testReport, const RepairRound& round)
{
    Json failures = Json::array();
    for (const auto& test : evidence.cases)
        if (isFailing(test))
            failures.push_back(failureOf(test, evidence, testReport));
    Json document = {{"schema", "aap/repair/1"}, {"round", round.round}, {"max_rounds", round.maxRounds}, {"failures", failures}, {"frozen", round.frozen}};
    if (!round.since.empty())
        document["since"] = round.since;
    if (!round.tried.empty())
        document["tried"] = round.tried;
    return document;
}

void RepairHistory::add(const TestEvidence& evidence, const std::string& commit)
{
    std::set<std::string> signatures;
    for (const auto& test : evidence.cases)
        if (isFailing(test))
            signatures.insert(failureSignature(test));
    if (m_signatures.empty() || signatures.size() <= m_fewest) {
        m_fewest = signatures.size();
        m_best = commit;
    }
    m_signatures.push_back(std::move(signatures));
    m_commits.push_back(commit);
}

std::optional<std::string> RepairHistory::whyStop() const
{
    const auto count = m_signatures.size();
    if (count < 2)
        return std::nullopt;
    if (m_commits[count - 1] == m_commits[count - 2])
        return "the round changed no file";
    if (m_signatures[count - 1] == m_signatures[count - 2])
        return "the same tests fail in the same way as before the round";
    if (count >= 3 && m_signatures[count - 1].size() > m_signatures[count - 2].size() && m_signatures[count - 2].size() > m_signatures[count - 3].size())
        return "more tests fail after each of two rounds";
    return std::nullopt;
}

} // namespace aap
