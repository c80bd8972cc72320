#include "ui/run/transcript_model.h"

#include <QSet>

#include "ui/describe.h"
#include "ui/run/steer_sheets.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr qsizetype kShownDetail = 16'000; // characters of a tool's answer; the whole lies in the output folder
constexpr qsizetype kShownLine = 4'000;    // longer lines make text layout crawl
constexpr int kMostLayingOut = 100;        // milliseconds for the Markdown of a message
constexpr int kFailedTail = 20;            // lines a failed call shows by itself

const QSet<QString> kReadingTools{QStringLiteral("read_file"), QStringLiteral("list_directory"), QStringLiteral("search_files"), QStringLiteral("read_image")};

QString cutLines(QString shown)
{
    if (shown.size() > kShownDetail)
        shown = QObject::tr("… %1 characters before this\n").arg(shown.size() - kShownDetail) + shown.right(kShownDetail);
    auto lines = shown.split(u'\n');
    for (auto& line : lines)
        if (line.size() > kShownLine)
            line = line.left(kShownLine) + u'…';
    return lines.join(u'\n');
}

QString lastLines(const QString& all, int count)
{
    const auto lines = all.split(u'\n');
    return lines.size() <= count ? all : QStringList(lines.last(count)).join(u'\n');
}

QString secondsText(double seconds)
{
    return QObject::tr("%1 s").arg(seconds, 0, 'f', 1);
}

/// "read_file  src/app.py"
QString toolWords(const ToolStarted& tool)
{
    const auto name = text(tool.tool);
    const auto summary = text(tool.summary).simplified();
    return summary.isEmpty() ? name : name + QStringLiteral("  ") + summary;
}

QString saidText(const Json& content)
{
    QString said;
    for (const auto& block : content) {
        const auto type = block.find("type");
        const auto words = block.find("text");
        if (type != block.end() && *type == "text" && words != block.end() && words->is_string())
            said += text(words->get_ref<const std::string&>());
    }
    return said.trimmed();
}

} // namespace

TranscriptModel::TranscriptModel(QObject* parent) :
    QAbstractListModel(parent)
{
}

int TranscriptModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant TranscriptModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto& row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole: return row.text;
    case Qt::AccessibleTextRole: return row.unfolded ? row.text + u'\n' + row.detail : row.text;
    case KindRole: return int(row.kind);
    case DetailRole: return row.detail;
    case UnfoldedRole: return row.unfolded;
    case ShapeRole: return row.shape;
    case ColourRole: return lookOf(row.colourOf).colour;
    case AsideRole: return row.aside;
    case CallRole: return row.callId;
    case MarkdownRole: return row.markdown;
    case ProblemRole: return row.problem;
    default: return {};
    }
}

void TranscriptModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_openTools.clear();
    m_begins.clear();
    m_liveText = m_liveThinking = -1;
    endResetModel();
}

void TranscriptModel::append(const RunBatch& batch)
{
    // Live pieces belong to what the events of this batch finish: show them first, the finished text replaces them.
    for (const auto& piece : batch.live)
        take(piece);
    for (const auto& event : batch.events)
        take(event);
}

void TranscriptModel::toggle(const QModelIndex& index)
{
    if (!index.isValid() || m_rows[index.row()].detail.isEmpty())
        return;
    m_rows[index.row()].unfolded = !m_rows[index.row()].unfolded;
    change(index.row());
}

void TranscriptModel::foldAll(bool folded)
{
    for (auto& row : m_rows)
        row.unfolded = !folded && !row.detail.isEmpty();
    if (!m_rows.isEmpty())
        emit dataChanged(index(0), index(int(m_rows.size()) - 1));
}

QModelIndex TranscriptModel::beginOf(StageId stage) const
{
    const auto found = m_begins.find(stage);
    return found == m_begins.end() ? QModelIndex() : index(found->second);
}

void TranscriptModel::add(Row row)
{
    const auto at = int(m_rows.size());
    beginInsertRows({}, at, at);
    m_rows << std::move(row);
    endInsertRows();
}

void TranscriptModel::change(int row)
{
    emit dataChanged(index(row), index(row));
}

void TranscriptModel::endLive()
{
    m_liveText = m_liveThinking = -1;
}

void TranscriptModel::take(const LiveEvent& event)
{
    const auto grow = [this](int& at, Kind kind, const QString& piece) {
        if (at < 0) {
            at = int(m_rows.size());
            add({.kind = kind, .text = piece});
            return;
        }
        m_rows[at].text += piece;
        change(at);
    };
    switch (event.kind) {
    case LiveEvent::Kind::Text: grow(m_liveText, Kind::Said, text(event.text)); break;
    case LiveEvent::Kind::Thinking: grow(m_liveThinking, Kind::Thinking, text(event.text)); break;
    case LiveEvent::Kind::Retrying:
    case LiveEvent::Kind::Note: add({.kind = Kind::Note, .text = text(event.text)}); break;
    case LiveEvent::Kind::Withdrawn:
        if (m_liveText >= 0) {
            m_rows[m_liveText].text = tr("(withdrawn: the connection broke, the turn is asked again)");
            change(m_liveText);
        }
        endLive();
        break;
    case LiveEvent::Kind::ToolOutput: break; // the finished answer is what the transcript keeps
    }
}

void TranscriptModel::finishText(const TurnFinished& turn)
{
    const auto said = saidText(turn.content);
    const auto grown = m_liveText;
    endLive();
    Row row{.kind = Kind::Said, .text = said, .aside = turn.cost.microUsd > 0 ? moneyText(turn.cost) : QString()};
    row.markdown = isQuickMarkdown(said, kMostLayingOut);
    if (!row.markdown)
        row.text = cutLines(said);
    if (grown >= 0) {
        m_rows[grown] = std::move(row);
        change(grown);
    } else if (!said.isEmpty()) {
        add(std::move(row));
    }
}

void TranscriptModel::take(const RunEvent& event)
{
    const auto stage = event.stage ? word(title(*event.stage)) : QString();
    if (const auto* started = std::get_if<StageStarted>(&event.payload)) {
        if (event.stage)
            m_begins[*event.stage] = int(m_rows.size());
        const auto round = started->round > 0 ? tr(", repair round %1").arg(started->round) : QString();
        add({.kind = Kind::Stage, .text = stage + round, .aside = text(started->model), .shape = int(Shape::Triangle), .colourOf = StageStatus::Running});
    } else if (const auto* turn = std::get_if<TurnFinished>(&event.payload)) {
        finishText(*turn);
    } else if (const auto* tool = std::get_if<ToolStarted>(&event.payload)) {
        startTool(*tool);
    } else if (const auto* done = std::get_if<ToolFinished>(&event.payload)) {
        finishTool(*done);
    } else if (std::holds_alternative<StageChecking>(event.payload)) {
        settleProblems(event.stage); // what counts now is what it finds this time
        add({.kind = Kind::Note, .text = tr("The program checks the result of %1 itself").arg(stage), .shape = int(Shape::Lens), .colourOf = StageStatus::Checking});
    } else if (const auto* checked = std::get_if<CheckFinished>(&event.payload)) {
        const auto& check = checked->check;
        const auto look = lookOf(check.status);
        const bool bad = check.status == CheckStatus::Failed;
        const bool good = check.status == CheckStatus::Passed;
        add({.kind = Kind::Check,
             .text = text(check.id) + QStringLiteral(" · ") + look.word,
             .detail = text(check.reason),
             .aside = secondsText(check.seconds),
             .shape = int(look.shape),
             .colourOf = bad ? StageStatus::Failed : good ? StageStatus::Passed : StageStatus::Skipped,
             .unfolded = bad,
             .problem = bad,
             .checkedStage = event.stage});
    } else if (const auto* finished = std::get_if<StageFinished>(&event.payload)) {
        endLive();
        add({.kind = Kind::Stage,
             .text = QStringLiteral("%1: %2").arg(stage, lookOf(finished->status).word),
             .detail = text(finished->reason),
             .shape = int(lookOf(finished->status).shape),
             .colourOf = finished->status,
             .unfolded = !finished->reason.empty()});
    } else if (const auto* repair = std::get_if<RepairStarted>(&event.payload)) {
        QStringList failing;
        for (const auto& test : repair->failing)
            failing << text(test);
        add({.kind = Kind::Note,
             .text = (failing.size() == 1 ? tr("Repair %1 of %2: one test fails") : tr("Repair %1 of %2: %3 tests fail").arg(QStringLiteral("%1"), QStringLiteral("%2")).arg(failing.size())).arg(repair->round).arg(repair->maxRounds),
             .detail = failing.join(u'\n'),
             .shape = int(Shape::Loop),
             .colourOf = StageStatus::Repairing});
    } else if (const auto* gate = std::get_if<GateOpened>(&event.payload)) {
        add({.kind = Kind::Note, .text = text(gate->question), .detail = gateDetail(*gate), .shape = int(Shape::Hand), .colourOf = StageStatus::Waiting, .unfolded = true});
    } else if (const auto* decided = std::get_if<GateDecided>(&event.payload)) {
        add({.kind = Kind::Note, .text = tr("Decision: %1 (%2)").arg(text(decided->decision), text(decided->by))});
    } else if (const auto* message = std::get_if<SteeringMessage>(&event.payload)) {
        add({.kind = Kind::Note, .text = tr("You: %1").arg(text(message->text)), .shape = int(Shape::Hand), .colourOf = StageStatus::Waiting});
    } else if (const auto* paused = std::get_if<RunPaused>(&event.payload)) {
        add({.kind = Kind::Note, .text = tr("Paused"), .detail = text(paused->reason), .shape = int(Shape::Bars), .colourOf = StageStatus::Waiting});
    } else if (std::holds_alternative<RunResumed>(event.payload)) {
        add({.kind = Kind::Note, .text = tr("The run goes on"), .shape = int(Shape::Triangle), .colourOf = StageStatus::Running});
    } else if (const auto* raised = std::get_if<LimitRaised>(&event.payload)) {
        add({.kind = Kind::Note, .text = tr("You raised a limit. %1").arg(limitWords({event.stage, *raised})), .shape = int(Shape::Hand), .colourOf = StageStatus::Waiting});
    } else if (std::holds_alternative<SkipAsked>(event.payload)) {
        add({.kind = Kind::Note, .text = tr("You: skip %1").arg(stage), .shape = int(Shape::Hand), .colourOf = StageStatus::Waiting});
    } else if (const auto* sent = std::get_if<StageSentBack>(&event.payload)) {
        add({.kind = Kind::Note, .text = tr("You sent %1 back: %2").arg(stage, text(sent->comment)), .shape = int(Shape::Hand), .colourOf = StageStatus::Waiting});
    } else if (const auto* edited = std::get_if<FilesEdited>(&event.payload)) {
        QStringList paths;
        for (const auto& path : edited->paths)
            paths << text(path);
        add({.kind = Kind::Note, .text = tr("You edited: %1").arg(paths.join(QStringLiteral(", "))), .shape = int(Shape::Hand), .colourOf = StageStatus::Waiting});
    } else if (const auto* deployment = std::get_if<DeploymentChanged>(&event.payload)) {
        add({.kind = Kind::Note, .text = tr("Deployment: %1").arg(text(deployment->state))});
    } else if (const auto* warned = std::get_if<Warned>(&event.payload)) {
        add({.kind = Kind::Problem, .text = text(warned->text), .shape = int(Shape::Bolt), .colourOf = StageStatus::Waiting, .problem = true});
    } else if (const auto* report = std::get_if<SandboxReported>(&event.payload)) {
        if (report->kind == "network_allowed")
            add({.kind = Kind::Note, .text = tr("Network: %1 was reached").arg(text(report->subject)), .detail = text(report->text)});
        else
            add({.kind = Kind::Note, .text = text(report->text), .shape = int(Shape::Bolt), .colourOf = StageStatus::Waiting});
    } else if (const auto* error = std::get_if<ErrorRaised>(&event.payload)) {
        add({.kind = Kind::Problem, .text = text(error->text), .detail = text(error->remedy), .shape = int(Shape::Cross), .colourOf = StageStatus::Failed, .unfolded = true, .problem = true});
    } else if (const auto* end = std::get_if<RunFinished>(&event.payload)) {
        const auto look = lookOf(end->ending);
        const bool good = end->ending == RunEnding::Completed;
        add({.kind = Kind::Stage,
             .text = look.word,
             .detail = QStringList{text(end->reason), text(end->remedy)}.join(u'\n').trimmed(),
             .shape = int(look.shape),
             .colourOf = good ? StageStatus::Passed : end->ending == RunEnding::Stopped ? StageStatus::Cancelled : StageStatus::Failed,
             .unfolded = true});
    }
}

void TranscriptModel::settleProblems(std::optional<StageId> stage)
{
    for (int row = 0; row < int(m_rows.size()); ++row)
        if (m_rows[row].problem && m_rows[row].checkedStage && m_rows[row].checkedStage == stage) {
            m_rows[row].problem = false;
            change(row);
        }
}

/// Reading the sixth file in a row says nothing that the fifth did not: such calls share a row until one fails.
void TranscriptModel::startTool(const ToolStarted& tool)
{
    const auto name = text(tool.tool);
    const auto id = text(tool.callId);
    const auto summary = text(tool.summary).simplified();
    if (!m_rows.isEmpty() && kReadingTools.contains(name) && m_rows.last().kind == Kind::Tool && m_rows.last().tool == name
        && m_rows.last().colourOf != StageStatus::Failed) {
        const auto at = int(m_rows.size()) - 1;
        auto& row = m_rows[at];
        if (row.calls == 1)
            row.detail = row.text.mid(name.size()).trimmed();
        ++row.calls;
        row.text = QStringLiteral("%1 ×%2  %3").arg(name).arg(row.calls).arg(summary);
        row.detail += u'\n' + summary;
        m_openTools[id] = at;
        return change(at);
    }
    m_openTools[id] = int(m_rows.size());
    add({.kind = Kind::Tool, .text = toolWords(tool), .callId = id, .shape = int(Shape::Triangle), .colourOf = StageStatus::Running, .tool = name});
}

void TranscriptModel::finishTool(const ToolFinished& tool)
{
    const auto id = text(tool.callId);
    if (!m_openTools.contains(id)) {
        m_openTools[id] = int(m_rows.size());
        add({.kind = Kind::Tool, .text = text(tool.tool), .callId = id, .tool = text(tool.tool)});
    }
    const auto at = m_openTools.take(id);
    if (m_rows[at].calls > 1)
        return finishMerged(at, tool);
    auto& row = m_rows[at];
    row.detail = cutLines(text(tool.result));
    row.shape = int(tool.isError ? Shape::Cross : Shape::Tick);
    row.colourOf = tool.isError ? StageStatus::Failed : StageStatus::NotStarted; // green is for what the program checked itself
    row.seconds = double(tool.duration.count()) / 1000;
    const auto lines = row.detail.isEmpty() ? 0 : int(row.detail.count(u'\n')) + 1;
    QStringList aside;
    if (tool.exitCode)
        aside << tr("exit code %1").arg(*tool.exitCode);
    aside << tr("%n line(s)", nullptr, lines) << secondsText(row.seconds);
    row.aside = aside.join(QStringLiteral(" · "));
    if (tool.isError)
        showFailure(row, tool);
    change(at);
}

/// The failing call is the one thing nobody should have to unfold.
void TranscriptModel::showFailure(Row& row, const ToolFinished& tool)
{
    row.detail = lastLines(cutLines(text(tool.result)), kFailedTail);
    row.unfolded = true;
}

void TranscriptModel::finishMerged(int at, const ToolFinished& tool)
{
    auto& row = m_rows[at];
    row.seconds += double(tool.duration.count()) / 1000;
    row.shape = int(Shape::Tick);
    row.colourOf = StageStatus::NotStarted;
    row.aside = QStringList{tr("%n call(s)", nullptr, row.calls), secondsText(row.seconds)}.join(QStringLiteral(" · "));
    change(at);
    if (!tool.isError)
        return;
    Row failed{.kind = Kind::Tool, .text = text(tool.tool), .aside = secondsText(double(tool.duration.count()) / 1000), .callId = text(tool.callId),
               .shape = int(Shape::Cross), .colourOf = StageStatus::Failed, .tool = text(tool.tool)};
    showFailure(failed, tool);
    add(std::move(failed));
}

} // namespace aap
