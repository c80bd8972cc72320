#include "core/pipeline/intake.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "core/base/files.h"
#include "core/pipeline/intake_lines.h"
#include "core/pipeline/intake_wording.h"

namespace aap {
namespace {

using LineKind = IntakeLine::Kind;

// The contract's bounds; bytes are stricter than its characters.
constexpr std::size_t kMaxBytes = 4U << 20U;
constexpr std::size_t kMaxItems = 500;
constexpr std::size_t kMaxItemBytes = 4000;
constexpr std::size_t kMaxTitleBytes = 120;
constexpr std::size_t kMaxQuestions = 20;

/// An item in the making.
struct Draft {
    std::string text{};
    std::vector<std::string> acceptance{};
    std::string givenId{};
    std::string label{}; ///< a word about its priority from a table or the heading above
    char mark = ' ';
    std::size_t from = 0;
    std::size_t to = 0;
    std::size_t indent = 0;
};

std::size_t characters(std::string_view text)
{
    return std::size_t(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Walks the lines once and gathers drafts; every line is either given to a draft or marked prose.
class Gatherer {
public:
    explicit Gatherer(const std::vector<IntakeLine>& lines) : m_lines(lines), m_owner(lines.size(), kNobody), m_why(lines.size())
    {
        m_hasList = std::ranges::any_of(lines, [](const IntakeLine& line) { return line.kind == LineKind::Entry || line.kind == LineKind::TableRow; });
    }

    void gather()
    {
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            take(i);
        endParagraph();
        if (m_drafts.empty())
            takeHeadings();
    }

    const std::vector<Draft>& drafts() const { return m_drafts; }
    std::string title() const
    {
        if (!m_title.empty())
            return m_title;
        return m_drafts.empty() ? std::string() : m_drafts.front().text;
    }
    bool hasList() const { return m_hasList; }
    /// `ids` are the drafts' names.
    std::vector<LineUse> uses(const std::vector<std::string>& ids) const
    {
        std::vector<LineUse> uses(m_lines.size());
        for (std::size_t i = 0; i < m_lines.size(); ++i) {
            if (m_owner[i] != kNobody)
                uses[i] = {LineUse::Kind::Item, ids[m_owner[i]], {}};
            else if (m_lines[i].kind != LineKind::Blank)
                uses[i] = {LineUse::Kind::Prose, {}, m_why[i]};
        }
        return uses;
    }

private:
    static constexpr std::size_t kNobody = std::size_t(-1);
    struct Group {
        std::size_t indent;
        std::string text;
    };

    void take(std::size_t i)
    {
        const auto& line = m_lines[i];
        switch (line.kind) {
        case LineKind::Blank:
            endParagraph();
            m_afterBlank = true;
            return;
        case LineKind::Heading:
            takeHeading(i);
            break;
        case LineKind::Entry:
            endParagraph();
            takeEntry(i);
            break;
        case LineKind::TableRow:
            endParagraph();
            takeRow(i);
            break;
        case LineKind::TableRule:
        case LineKind::Rule:
        case LineKind::Comment:
            endParagraph();
            prose(i, line.kind == LineKind::Comment ? "comment" : "rule");
            break;
        case LineKind::Fence:
        case LineKind::FenceContent:
            endParagraph();
            takeCode(i);
            break;
        case LineKind::Text:
            takeText(i);
            break;
        }
        m_afterBlank = false;
    }

    void takeHeading(std::size_t i)
    {
        endParagraph();
        close();
        m_groups.clear();
        prose(i, "heading");
        m_headings.push_back(i);
        if (m_title.empty())
            m_title = m_lines[i].text;
        m_headingLabel = priorityOfLabel(m_lines[i].text).empty() ? std::string() : m_lines[i].text;
    }

    void takeEntry(std::size_t i)
    {
        const auto& line = m_lines[i];
        while (!m_groups.empty() && m_groups.back().indent >= line.indent)
            m_groups.pop_back();
        const bool named = !line.id.empty() || line.mark != ' ';
        if (m_open != kNobody && !named && line.indent > m_drafts[m_open].indent + 1) {
            m_drafts[m_open].acceptance.push_back(line.text);
            own(i, m_open);
            return;
        }
        close();
        if (introducesDeeperEntries(i)) {
            prose(i, "introduces the list below it");
            m_groups.push_back({line.indent, line.text});
            return;
        }
        std::string text;
        for (const auto& group : m_groups)
            text += group.text + ' ';
        start(i, {.text = text + line.text, .givenId = line.id, .mark = line.mark, .indent = line.indent});
    }

    bool introducesDeeperEntries(std::size_t i) const
    {
        if (!m_lines[i].text.ends_with(':'))
            return false;
        std::size_t next = i + 1;
        while (next < m_lines.size() && m_lines[next].kind == LineKind::Blank)
            ++next;
        return next < m_lines.size() && m_lines[next].kind == LineKind::Entry && m_lines[next].indent > m_lines[i].indent + 1;
    }

    void takeRow(std::size_t i)
    {
        close();
        if (i + 1 < m_lines.size() && m_lines[i + 1].kind == LineKind::TableRule) {
            m_header = cellsOf(m_lines[i].text);
            prose(i, "table header");
            return;
        }
        const bool goesOn = i > 0 && (m_lines[i - 1].kind == LineKind::TableRow || m_lines[i - 1].kind == LineKind::TableRule);
        if (!goesOn)
            m_header.clear();
        auto draft = rowDraft(cellsOf(m_lines[i].text));
        draft.indent = m_lines[i].indent;
        start(i, std::move(draft));
        close(); // text below a table is not part of its last row
    }

    Draft rowDraft(const std::vector<std::string>& cells) const
    {
        Draft draft;
        std::vector<std::pair<std::string, std::string>> content;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const std::string name = column < m_header.size() ? m_header[column] : std::string();
            const std::string plain = lowerAscii(plainWords(name));
            const auto& cell = cells[column];
            if ((plain == "priority" || plain == "prio" || plain == "moscow" || plain == "level") && !priorityOfLabel(cell).empty())
                draft.label = cell;
            else if (const auto named = readLines(cell); !named.empty() && !named[0].id.empty() && named[0].text.empty())
                draft.givenId = named[0].id;
            else if (!cell.empty())
                content.emplace_back(name, cell);
        }
        for (const auto& [name, cell] : content) {
            draft.text += draft.text.empty() ? "" : "; ";
            draft.text += content.size() > 1 && !name.empty() ? name + ": " + cell : cell;
        }
        return draft;
    }

    void takeCode(std::size_t i)
    {
        if (m_open == kNobody)
            return prose(i, "code");
        m_drafts[m_open].text += '\n' + m_lines[i].raw;
        own(i, m_open);
    }

    void takeText(std::size_t i)
    {
        const auto& line = m_lines[i];
        const bool continues = m_open != kNobody && m_paragraph.empty()
            && (m_afterBlank ? line.indent > m_drafts[m_open].indent : !m_openIsSentence);
        if (!continues) {
            close();
            m_paragraph.push_back(i);
            return;
        }
        auto& draft = m_drafts[m_open];
        const bool deep = !draft.acceptance.empty() && line.indent > draft.indent + 2;
        (deep ? draft.acceptance.back() : draft.text) += (m_afterBlank ? '\n' : ' ') + line.text;
        own(i, m_open);
    }

    void endParagraph()
    {
        if (m_paragraph.empty())
            return;
        const auto lines = std::exchange(m_paragraph, {});
        std::string text;
        std::vector<std::size_t> starts;
        for (const std::size_t i : lines) {
            auto words = trimmed(m_lines[i].text);
            while (words.starts_with('>'))
                words = trimmed(words.substr(1));
            text += text.empty() ? "" : " ";
            starts.push_back(text.size());
            text += words;
            prose(i, "introduction");
        }
        const auto lineAt = [&](std::size_t position) {
            return lines[std::size_t(std::ranges::upper_bound(starts, position) - starts.begin()) - 1];
        };
        for (const auto& [begin, end] : statementsOf(text)) {
            const std::size_t first = lineAt(begin);
            const std::size_t last = lineAt(end - 1);
            if (!start(first, {.text = text.substr(begin, end - begin), .indent = m_lines[first].indent}))
                continue;
            for (std::size_t i = first; i <= last; ++i)
                if (m_owner[i] == kNobody)
                    own(i, m_open);
            m_drafts[m_open].to = m_lines[last].number;
            m_openIsSentence = true;
        }
    }

    /// What of a paragraph becomes items: each sentence where there is no list. Beside a list a paragraph is prose, unless it
    /// demands or asks something; then it is taken as a whole, questions apart, so that half a line is never lost.
    std::vector<std::pair<std::size_t, std::size_t>> statementsOf(const std::string& text) const
    {
        auto sentences = sentencesOf(text);
        if (!m_hasList)
            return sentences;
        const auto sentence = [&text](const auto& range) { return std::string_view(text).substr(range.first, range.second - range.first); };
        const bool wanted = std::ranges::any_of(sentences, [&](const auto& range) {
            const bool introducesTheList = range.second == text.size() && text.ends_with(':');
            return !introducesTheList && (isDemand(sentence(range)) || isQuestion(sentence(range)));
        });
        std::vector<std::pair<std::size_t, std::size_t>> statements;
        for (const auto& range : sentences) {
            const bool apart = statements.empty() || isQuestion(sentence(range)) || isQuestion(sentence(statements.back()));
            if (wanted && apart)
                statements.push_back(range);
            else if (wanted)
                statements.back().second = range.second;
        }
        return statements;
    }

    /// A text of headings only: they are what is wanted.
    void takeHeadings()
    {
        m_headingLabel.clear();
        for (const std::size_t i : m_headings)
            start(i, {.text = m_lines[i].text});
    }

    /// Opens a draft, unless what stands there is no requirement; then the line is prose.
    bool start(std::size_t i, Draft draft)
    {
        draft.text = std::string(trimmed(draft.text));
        if (draft.label.empty())
            draft.label = std::string(labelOf(draft.text));
        if (draft.label.empty())
            draft.label = m_headingLabel;
        close();
        if (priorityOfLabel(draft.label) == "excluded") {
            prose(i, "out of scope");
            return false;
        }
        if (characters(draft.text) < 3) {
            prose(i, "too short to be a requirement");
            return false;
        }
        draft.from = draft.to = m_lines[i].number;
        m_drafts.push_back(std::move(draft));
        m_open = m_drafts.size() - 1;
        if (m_owner[i] == kNobody)
            m_owner[i] = m_open;
        return true;
    }

    void own(std::size_t i, std::size_t draft)
    {
        m_owner[i] = draft;
        m_drafts[draft].to = std::max(m_drafts[draft].to, m_lines[i].number);
    }
    void prose(std::size_t i, std::string why) { m_why[i] = std::move(why); }
    void close()
    {
        m_open = kNobody;
        m_openIsSentence = false;
    }

    const std::vector<IntakeLine>& m_lines;
    std::vector<std::size_t> m_owner; ///< draft of each line
    std::vector<std::string> m_why;
    std::vector<Draft> m_drafts{};
    std::vector<std::size_t> m_headings{};
    std::vector<std::size_t> m_paragraph{};
    std::vector<Group> m_groups{};
    std::vector<std::string> m_header{};
    std::string m_title{};
    std::string m_headingLabel{};
    std::size_t m_open = kNobody;
    bool m_openIsSentence = false;
    bool m_afterBlank = false;
    bool m_hasList = false;
};

bool asks(const Draft& draft)
{
    return draft.mark == '?' || isQuestion(draft.text);
}

std::string priorityOf(const Draft& draft)
{
    if (asks(draft))
        return "could"; // nobody may build on an open question
    if (draft.mark == '!')
        return "must";
    std::string_view priority = priorityOfLabel(draft.label);
    if (priority.empty())
        priority = priorityOfSentence(draft.text);
    return priority.empty() ? "must" : std::string(priority);
}

/// The author's own "R7" where it is unique, else the lowest number that is free.
std::vector<std::string> idsFor(const std::vector<Draft>& drafts)
{
    std::set<std::string> taken;
    std::vector<std::string> ids(drafts.size());
    for (std::size_t i = 0; i < drafts.size(); ++i)
        if (!drafts[i].givenId.empty() && taken.insert(drafts[i].givenId).second)
            ids[i] = drafts[i].givenId;
    int number = 0;
    for (auto& id : ids)
        while (id.empty())
            if (auto next = fmt::format("R{}", ++number); taken.insert(next).second)
                id = std::move(next);
    return ids;
}

/// Long texts become several items, so that not one word is lost. Cuts at a line or word end where there is one.
std::vector<Draft> withinBounds(const std::vector<Draft>& drafts, std::vector<std::size_t>& firstPart)
{
    std::vector<Draft> bounded;
    for (const auto& draft : drafts) {
        firstPart.push_back(bounded.size());
        std::string_view rest = draft.text;
        Draft part = draft;
        while (rest.size() > kMaxItemBytes) {
            auto head = cutUtf8(rest, kMaxItemBytes);
            if (const auto gap = head.find_last_of(" \n"); gap != std::string_view::npos && gap > kMaxItemBytes / 2)
                head = head.substr(0, gap);
            part.text = std::string(trimmed(head));
            rest.remove_prefix(head.size());
            bounded.push_back(part);
            part.givenId.clear();
            part.acceptance.clear();
        }
        rest = trimmed(rest);
        if (rest.size() == draft.text.size() || characters(rest) >= 3) {
            part.text = std::string(rest);
            bounded.push_back(part);
        } else {
            bounded.back().acceptance.emplace_back(rest); // a tail too short to be an item
        }
    }
    return bounded;
}

Json itemJson(const Draft& draft, const std::string& id)
{
    Json item = {{"id", id}, {"text", draft.text}, {"priority", priorityOf(draft)}, {"lines", {draft.from, draft.to}}};
    if (!draft.acceptance.empty())
        item["acceptance"] = draft.acceptance;
    if (asks(draft))
        item["testable"] = false;
    return item;
}

Json questionsOf(const std::vector<Draft>& drafts, const std::vector<std::string>& ids)
{
    Json questions = Json::array();
    std::vector<std::string> more;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        if (!asks(drafts[i]))
            continue;
        if (questions.size() < kMaxQuestions - 1)
            questions.push_back(ids[i] + ": " + drafts[i].text);
        else
            more.push_back(ids[i]);
    }
    if (!more.empty())
        questions.push_back(fmt::format("More open questions: {}", fmt::join(more, ", ")));
    return questions;
}

std::string titleFrom(const std::string& text)
{
    std::string title = plainWords(text);
    while (title.ends_with('.') || title.ends_with(':'))
        title.pop_back();
    if (title.size() > kMaxTitleBytes)
        title = std::string(trimmed(cutUtf8(title, kMaxTitleBytes - 3))) + "…";
    return title.empty() ? "Untitled project" : title;
}

} // namespace

Result<Intake> takeIn(std::string_view text, IntakeHints hints)
{
    if (text.size() > kMaxBytes)
        return Error{ErrorCode::Invalid, fmt::format("the requirements have {} bytes, at most {} are read", text.size(), kMaxBytes), {},
                     "Shorten the requirements to what shall be built."};
    const std::string tidy = tidyText(text);
    const auto lines = readLines(tidy);
    Gatherer gatherer(lines);
    gatherer.gather();
    std::vector<std::size_t> firstPart;
    const auto drafts = withinBounds(gatherer.drafts(), firstPart);
    if (drafts.empty())
        return Error{ErrorCode::Invalid, "the requirements are empty", {}, "Write at least one sentence about what shall be built."};
    if (drafts.size() > kMaxItems)
        return Error{ErrorCode::Invalid, fmt::format("{} requirements were found, at most {} fit into one run", drafts.size(), kMaxItems), {},
                     "Split the requirements into several runs."};

    const auto ids = idsFor(drafts);
    std::vector<std::string> idsOfGathered;
    for (const std::size_t part : firstPart)
        idsOfGathered.push_back(ids[part]);

    Intake intake;
    intake.lines = gatherer.uses(idsOfGathered);
    const auto [kind, words] = guessKind(tidy);
    if (hints.repositoryGiven)
        intake.reasons.emplace_back("Kind “change”: there is a repository to start from.");
    else
        intake.reasons.push_back(words.empty() ? "Kind “cli”: nothing in the text says otherwise."
                                               : fmt::format("Kind “{}”: the text speaks of {}.", kind, words));
    intake.reasons.push_back(fmt::format("{} item(s) from {}.", drafts.size(), gatherer.hasList() ? "lists and tables" : "sentences"));

    Json items = Json::array();
    for (std::size_t i = 0; i < drafts.size(); ++i)
        items.push_back(itemJson(drafts[i], ids[i]));
    intake.requirements = {
        {"schema", "aap/requirements/1"},
        {"title", titleFrom(gatherer.title())},
        {"kind", hints.repositoryGiven ? "change" : kind},
        {"source", {{"path", "requirements.md"}, {"sha256", sha256(text)}, {"bytes", text.size()}, {"media_type", "text/markdown"}}},
        {"items", std::move(items)},
        {"questions", questionsOf(drafts, ids)},
    };
    return intake;
}

std::optional<std::size_t> firstLostLine(std::string_view text, const Intake& intake)
{
    const std::string tidy = tidyText(text);
    std::size_t number = 0;
    for (std::string_view rest = tidy; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const bool blank = trimmed(rest.substr(0, end)).empty();
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        if (blank)
            continue;
        const bool isProse = number <= intake.lines.size() && intake.lines[number - 1].kind == LineUse::Kind::Prose;
        const bool inItem = std::ranges::any_of(intake.requirements.at("items"), [number](const Json& item) {
            return item.at("lines").at(0).get<std::size_t>() <= number && number <= item.at("lines").at(1).get<std::size_t>();
        });
        if (!isProse && !inItem)
            return number;
    }
    return std::nullopt;
}

} // namespace aap
