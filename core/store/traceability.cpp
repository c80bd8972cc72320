#include "core/store/traceability.h"

#include <algorithm>

#include <QXmlStreamReader>

#include "core/store/csv.h"
#include "core/store/lenient_json.h"

namespace aap {
namespace {

using Outcome = TestResults::Outcome;

/// "tests/test_api.py::TestLogin::test_ok" and JUnit's "tests.test_api.TestLogin" + "test_ok" become the same.
std::string normalizedTest(std::string_view id)
{
    std::string dotted;
    const auto bracket = std::min(id.find('['), id.size()); // parameters stay as they are
    const auto colons = id.substr(0, bracket).find("::");
    auto file = id.substr(0, std::min(colons, id.size()));
    if (colons != std::string_view::npos && file.rfind('.') != std::string_view::npos)
        dotted = std::string(file.substr(0, file.rfind('.'))) + std::string(id.substr(colons));
    else
        dotted = std::string(id);
    const auto end = std::min(dotted.find('['), dotted.size());
    std::string name;
    for (std::size_t i = 0; i < dotted.size(); ++i) {
        const bool isColons = i + 1 < end && dotted[i] == ':' && dotted[i + 1] == ':';
        name += i < end && (dotted[i] == '/' || isColons) ? '.' : dotted[i];
        i += isColons ? 1 : 0;
    }
    return name;
}

/// Reads on until the end of the test case.
Outcome readCase(QXmlStreamReader& xml)
{
    auto outcome = Outcome::Passed;
    for (int depth = 1; depth > 0 && !xml.atEnd();) {
        xml.readNext();
        depth += xml.isStartElement() ? 1 : xml.isEndElement() ? -1 : 0;
        if (!xml.isStartElement())
            continue;
        if (xml.name() == QLatin1String("failure") || xml.name() == QLatin1String("error"))
            outcome = Outcome::Failed;
        else if (xml.name() == QLatin1String("skipped"))
            outcome = std::max(outcome, Outcome::Skipped);
    }
    return outcome;
}

std::vector<std::string> placesOf(const std::string& requirement, const Json& implementation)
{
    for (const auto& done : listIn(implementation, "implements"))
        if (textIn(done, "requirement") == requirement)
            return textsIn(done, "where");
    return {};
}

std::string reasonFor(const std::string& requirement, const Json& document, const char* list)
{
    for (const auto& item : listIn(document, list))
        if (textIn(item, "requirement") == requirement)
            return textIn(item, "reason");
    return {};
}

std::string verdictOf(const TraceRow& row, bool isUndone, bool isUntestable)
{
    const auto has = [&](Outcome outcome) { return std::ranges::find(row.tests, outcome, &TraceRow::Test::outcome) != row.tests.end(); };
    if (has(Outcome::Failed))
        return "failing";
    if (isUndone)
        return "not done";
    if (isUntestable)
        return "not testable";
    if (row.tests.empty())
        return "no test";
    return has(Outcome::Unknown) || !has(Outcome::Passed) ? "not proven" : "tested";
}

std::string joined(const std::vector<std::string>& parts)
{
    std::string text;
    for (const auto& part : parts)
        text.append(text.empty() ? "" : "; ").append(part);
    return text;
}

} // namespace

TestResults::TestResults(std::string_view junitXml)
{
    QXmlStreamReader xml(QByteArray::fromRawData(junitXml.data(), qsizetype(junitXml.size())));
    while (!xml.atEnd()) {
        xml.readNext();
        if (!xml.isStartElement() || xml.name() != QLatin1String("testcase"))
            continue;
        const auto group = xml.attributes().value(QLatin1String("classname")).toString().toStdString();
        const auto name = xml.attributes().value(QLatin1String("name")).toString().toStdString();
        auto& outcome = m_outcomes[normalizedTest(group.empty() ? name : group + "." + name)];
        outcome = std::max(outcome, readCase(xml));
    }
}

Outcome TestResults::of(const std::string& testId) const
{
    const auto wanted = normalizedTest(testId);
    auto worst = Outcome::Unknown;
    for (auto found = m_outcomes.lower_bound(wanted); found != m_outcomes.end() && found->first.starts_with(wanted); ++found)
        if (found->first.size() == wanted.size() || found->first[wanted.size()] == '[')
            worst = std::max(worst, found->second);
    return worst;
}

std::size_t TestResults::count(Outcome outcome) const
{
    return std::size_t(std::ranges::count_if(m_outcomes, [outcome](const auto& test) { return test.second == outcome; }));
}

std::vector<TraceRow> traceRequirements(const Json& requirements, const std::map<StageId, Json>& documents, const TestResults& results)
{
    const auto documentOf = [&](StageId stage) {
        const auto found = documents.find(stage);
        return found == documents.end() ? Json() : found->second;
    };
    const auto implementation = documentOf(StageId::Coding);
    const auto tested = documentOf(StageId::Testing);
    std::vector<TraceRow> rows;
    for (const auto& item : listIn(requirements, "items")) {
        TraceRow row{.requirement = textIn(item, "id"), .priority = textIn(item, "priority"), .text = textIn(item, "text")};
        row.where = placesOf(row.requirement, implementation);
        for (const auto& cover : listIn(tested, "covers"))
            if (textIn(cover, "requirement") == row.requirement)
                for (const auto& id : textsIn(cover, "tests"))
                    row.tests.push_back({id, results.of(id)});
        const auto undone = reasonFor(row.requirement, implementation, "not_done");
        const auto untestable = reasonFor(row.requirement, tested, "untestable");
        row.remark = undone.empty() ? untestable : undone;
        row.verdict = verdictOf(row, !undone.empty(), !untestable.empty());
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string_view word(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Unknown: return "not seen";
    case Outcome::Passed: return "passed";
    case Outcome::Skipped: return "skipped";
    case Outcome::Failed: return "failed";
    }
    return "";
}

std::string traceabilityCsv(const std::vector<TraceRow>& rows)
{
    auto csv = csvLine({"requirement", "priority", "text", "implemented in", "test", "outcome", "verdict", "remark"});
    for (const auto& row : rows) {
        const auto line = [&](const std::string& test, std::string_view outcome) {
            csv += csvLine({row.requirement, row.priority, row.text, joined(row.where), test, std::string(outcome), row.verdict, row.remark});
        };
        if (row.tests.empty())
            line("", "");
        for (const auto& test : row.tests)
            line(test.id, word(test.outcome));
    }
    return csv;
}

} // namespace aap
