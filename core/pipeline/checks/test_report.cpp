#include "core/pipeline/checks/test_report.h"

#include <algorithm>
#include <map>

#include <QRegularExpression>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>
#include <fmt/format.h>

#include "core/agent/tools/text_edit.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/verifier.h"
#include "core/pipeline/intake_lines.h"

namespace aap {
namespace {

constexpr std::size_t kMostExcerpt = 8192;
constexpr std::size_t kMostFrames = 20;
constexpr std::size_t kMostCases = 50'000;

using Case = TestEvidence::Case;

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::string attribute(const QXmlStreamReader& xml, const char* name)
{
    return xml.attributes().value(QLatin1String(name)).toString().toStdString();
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

std::string withoutRoot(std::string path)
{
    const auto root = std::string(Verifier::kProject) + "/";
    return path.starts_with(root) ? path.substr(root.size()) : path;
}

/// file "tests/test_a.py", class "tests.test_a.TestX", name "test_y[1]" → "tests/test_a.py::TestX::test_y[1]"
std::string pytestId(const std::string& file, const std::string& className, const std::string& name)
{
    if (className.empty()) // a file that could not even be read
        return name.find('/') == name.npos && name.find(' ') == name.npos ? replaced(name, ".", "/") + ".py" : name;
    const auto path = file.empty() ? replaced(className, ".", "/") + ".py" : file;
    const auto module = replaced(path.substr(0, path.size() - std::min<std::size_t>(3, path.size())), "/", ".");
    const auto inner = className.size() > module.size() && className.starts_with(module + ".") ? className.substr(module.size() + 1) + "." : std::string();
    return path + "::" + replaced(inner, ".", "::") + name;
}

void readProblem(QXmlStreamReader& xml, Case& found)
{
    const auto kind = xml.name().toString();
    auto message = attribute(xml, "message");
    const auto text = xml.readElementText(QXmlStreamReader::IncludeChildElements).toStdString();
    if (kind == QStringLiteral("skipped")) {
        found.skipped = true;
        return;
    }
    const bool first = found.message.empty();
    found.passed = false;
    if (first)
        found.message = std::string(cutUtf8(message.substr(0, message.find('\n')), 500));
    found.excerpt = tailOf(found.excerpt.empty() ? text : found.excerpt + "\n" + text, kMostExcerpt);
    found.frames = framesIn(found.excerpt);
}

Case readCase(QXmlStreamReader& xml)
{
    Case found{.id = pytestId(attribute(xml, "file"), attribute(xml, "classname"), attribute(xml, "name")), .passed = true};
    while (xml.readNextStartElement()) {
        const auto name = xml.name().toString();
        if (name == QStringLiteral("failure") || name == QStringLiteral("error") || name == QStringLiteral("skipped"))
            readProblem(xml, found);
        else
            xml.skipCurrentElement();
    }
    found.skipped = found.skipped && found.passed; // an error in the tear-down of a skipped test is an error
    return found;
}

/// A test may stand there twice: once for itself, once for an error while it was torn down.
void addCase(std::vector<Case>& cases, std::map<std::string, std::size_t>& known, Case found)
{
    const auto [place, added] = known.emplace(found.id, cases.size());
    if (added)
        cases.push_back(std::move(found));
    else if (!found.passed)
        cases[place->second] = std::move(found);
}

struct LineForm {
    TestFormat format;
    const char* pattern; ///< named groups "id" and "status"
};

constexpr std::array<LineForm, 5> kForms{{
    {TestFormat::Unittest, R"(^\w+ \((?<id>[\w.]+)\)(?:\n.*?)?? \.\.\. (?<status>ok|FAIL|ERROR|skipped|expected failure|unexpected success))"},
    {TestFormat::Ctest, R"(^\s*\d+/\d+ Test\s+#\d+: (?<id>\S+) [. ]*(?<status>Passed|\*\*\*\w+))"},
    {TestFormat::Go, R"(^\s*--- (?<status>PASS|FAIL|SKIP): (?<id>\S+))"},
    {TestFormat::Bats, R"(^(?<status>ok|not ok) \d+ (?<id>.+?)(?: # skip.*)?$)"},
    {TestFormat::Cargo, R"(^test (?<id>\S+) \.\.\. (?<status>ok|FAILED|ignored))"},
}};

bool isPass(const QString& status)
{
    return status == QStringLiteral("ok") || status == QStringLiteral("Passed") || status == QStringLiteral("PASS") || status == QStringLiteral("expected failure");
}

bool isSkip(const QString& status)
{
    return status == QStringLiteral("skipped") || status == QStringLiteral("SKIP") || status == QStringLiteral("ignored") || status == QStringLiteral("***Skipped");
}

std::vector<Case> readByForm(std::string_view output, const LineForm& form)
{
    const QRegularExpression lines(QString::fromUtf8(form.pattern), QRegularExpression::MultilineOption);
    const auto failures = summariseTests(output, form.format).failures;
    std::vector<Case> cases;
    std::map<std::string, std::size_t> known;
    for (auto matches = lines.globalMatch(fromUtf8(output)); matches.hasNext() && cases.size() < kMostCases;) {
        const auto match = matches.next();
        const auto status = match.captured(QStringLiteral("status"));
        Case found{.id = match.captured(QStringLiteral("id")).toStdString(), .passed = isPass(status) || isSkip(status), .skipped = isSkip(status)};
        if (!found.passed) {
            const auto why = std::ranges::find_if(failures, [&](const auto& failure) { return failure.first.find(found.id) != std::string::npos; });
            found.message = why == failures.end() ? status.toStdString() : why->second;
            found.excerpt = tailOf(output, kMostExcerpt);
            found.frames = framesIn(found.excerpt);
        }
        addCase(cases, known, std::move(found));
    }
    return cases;
}

/// Node's TAP: a test's line comes after its subtests, each announced by "# Subtest:".
class TapReader {
public:
    std::vector<Case> read(std::string_view output)
    {
        for (const auto line : splitLines(output))
            take(line);
        return std::move(m_cases);
    }

private:
    struct Level {
        std::string name{};
        bool hasChildren = false;
    };

    void take(std::string_view line)
    {
        const auto depth = std::min<std::size_t>(line.find_first_not_of(' '), 200) / 4;
        const auto text = trimmed(line);
        if (text.starts_with("# Subtest: ")) {
            m_inBlock = false;
            m_levels.resize(depth);
            if (!m_levels.empty())
                m_levels.back().hasChildren = true;
            m_levels.push_back({withoutRoot(std::string(text.substr(11)))});
        } else if (text.starts_with("ok ") || text.starts_with("not ok ")) {
            m_inBlock = false;
            finish(depth, text);
        } else if (m_inBlock) {
            describe(text);
        }
    }

    void finish(std::size_t depth, std::string_view text)
    {
        if (m_levels.size() <= depth || m_levels[depth].hasChildren || m_cases.size() >= kMostCases)
            return;
        m_levels.resize(depth + 1);
        Case found{.passed = text.starts_with("ok ")};
        for (const auto& level : m_levels)
            found.id += (found.id.empty() ? "" : found.id.ends_with("js") ? "::" : " > ") + level.name;
        found.skipped = text.find(" # SKIP") != text.npos || text.find(" # TODO") != text.npos;
        m_inBlock = !found.passed;
        m_cases.push_back(std::move(found));
    }

    void describe(std::string_view text)
    {
        auto& found = m_cases.back();
        if (text == "...") {
            m_inBlock = false;
            found.frames = framesIn(found.excerpt);
        } else if (found.excerpt.size() < kMostExcerpt - 1000) {
            found.excerpt += std::string(cutUtf8(text, 900)) + "\n";
        }
        if (m_messageNext || text.starts_with("error: ")) {
            const auto said = trimmed(m_messageNext ? text : text.substr(7));
            m_messageNext = said == "|-";
            if (!m_messageNext)
                found.message = std::string(cutUtf8(said, 500));
        }
    }

    std::vector<Level> m_levels{};
    std::vector<Case> m_cases{};
    bool m_inBlock = false;
    bool m_messageNext = false;
};

std::string dotted(std::string_view id)
{
    auto text = replaced(replaced(replaced(std::string(id), "::", "."), " > ", "."), "/", ".");
    return replaced(std::move(text), ".py.", ".");
}

} // namespace

Result<std::vector<Case>> readJunit(std::string_view bytes)
{
    QXmlStreamReader xml(QByteArray(bytes.data(), qsizetype(bytes.size())));
    std::vector<Case> cases;
    std::map<std::string, std::size_t> known;
    while (!xml.atEnd() && cases.size() < kMostCases)
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QStringLiteral("testcase"))
            addCase(cases, known, readCase(xml));
    if (xml.hasError())
        return Error{ErrorCode::Protocol, "the JUnit file cannot be read: " + xml.errorString().toStdString()};
    return cases;
}

std::vector<Case> readTestLines(std::string_view output, TestFormat format)
{
    if (format == TestFormat::Node)
        return TapReader().read(output);
    const auto form = std::ranges::find(kForms, format, &LineForm::format);
    return form == kForms.end() ? std::vector<Case>() : readByForm(output, *form);
}

std::string junitOf(const TestEvidence& evidence)
{
    const auto text = [](const std::string& value) { return QString::fromStdString(value); };
    const auto failed = std::ranges::count(evidence.cases, false, &Case::passed);
    const auto skipped = std::ranges::count(evidence.cases, true, &Case::skipped);
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeStartElement(QStringLiteral("testsuite"));
    xml.writeAttribute(QStringLiteral("name"), QStringLiteral("project"));
    xml.writeAttribute(QStringLiteral("tests"), QString::number(evidence.cases.size()));
    xml.writeAttribute(QStringLiteral("failures"), QString::number(failed));
    xml.writeAttribute(QStringLiteral("skipped"), QString::number(skipped));
    for (const auto& found : evidence.cases) {
        xml.writeStartElement(QStringLiteral("testcase"));
        xml.writeAttribute(QStringLiteral("name"), text(found.id));
        if (!found.passed) {
            xml.writeStartElement(QStringLiteral("failure"));
            xml.writeAttribute(QStringLiteral("message"), text(found.message));
            xml.writeCharacters(text(found.excerpt));
            xml.writeEndElement();
        } else if (found.skipped) {
            xml.writeEmptyElement(QStringLiteral("skipped"));
        }
        xml.writeEndElement();
    }
    xml.writeEndDocument();
    return bytes.toStdString();
}

std::optional<double> coverageOf(std::string_view cobertura)
{
    QXmlStreamReader xml(QByteArray(cobertura.data(), qsizetype(cobertura.size())));
    bool counts = false;
    std::size_t lines = 0;
    std::size_t hit = 0;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QStringLiteral("class"))
            counts = !isTestPath(withoutRoot(attribute(xml, "filename")));
        if (xml.name() != QStringLiteral("line") || !counts)
            continue;
        ++lines;
        hit += attribute(xml, "hits") != "0" ? 1U : 0U;
    }
    if (xml.hasError() || lines == 0)
        return std::nullopt;
    return 100.0 * double(hit) / double(lines);
}

std::vector<std::string> framesIn(std::string_view text)
{
    static const QRegularExpression form(QStringLiteral(R"re(^(?<a>[^\s:()]+\.\w+):(?<b>\d+):|File "(?<c>[^"\n]+)", line (?<d>\d+)|\(?(?:file://)?(?<e>/scratch/repo/[^:)\s]+):(?<f>\d+))re"),
                                         QRegularExpression::MultilineOption);
    std::vector<std::string> frames;
    for (auto matches = form.globalMatch(fromUtf8(text)); matches.hasNext() && frames.size() < kMostFrames;) {
        const auto match = matches.next();
        const auto part = [&](const char* a, const char* b, const char* c) {
            return (match.captured(QLatin1String(a)) + match.captured(QLatin1String(b)) + match.captured(QLatin1String(c))).toStdString();
        };
        const auto path = withoutRoot(part("a", "c", "e"));
        const auto frame = path + ":" + part("b", "d", "f");
        if (!path.starts_with('/') && !path.starts_with('<') && std::ranges::find(frames, frame) == frames.end())
            frames.push_back(frame);
    }
    return frames;
}

bool isSameTest(std::string_view claimed, std::string_view actual)
{
    if (claimed.find('[') == claimed.npos) // all its cases are meant
        actual = actual.substr(0, actual.find('['));
    const auto wanted = dotted(claimed);
    const auto ran = dotted(actual);
    if (wanted.empty() || ran.empty())
        return false;
    return wanted == ran || ran.ends_with("." + wanted) || (ran.find('.') != ran.npos && wanted.ends_with("." + ran));
}

} // namespace aap
