#include "ui/run/sandbox_panel.h"

#include <algorithm>
#include <utility>

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProcess>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>
#include <QTimer>
#include <QVBoxLayout>

#include "core/llm/bounded_json.h"
#include "ui/artifacts/artifact_list.h"
#include "ui/describe.h"
#include "ui/widgets/sparkline.h"

namespace aap {
namespace {

constexpr int kLookEveryMs = 2000;
constexpr std::size_t kTenMinutes = 300; // looks
constexpr auto kTerminal = "x-terminal-emulator";

QString share(double value) { return QStringLiteral("%1 %").arg(int(value + 0.5)); }
QString memorySize(double value) { return sizeText(std::uint64_t(value)); }

QLabel* factLabel(const char* name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

void keep(std::vector<double>& values, double value)
{
    if (values.size() == kTenMinutes)
        values.erase(values.begin());
    values.push_back(value);
}

ResourceUse sumOf(const std::vector<SandboxLook>& looks)
{
    ResourceUse sum;
    for (const auto& look : looks) {
        sum.cpuPercent += look.use.cpuPercent;
        sum.memoryBytes += look.use.memoryBytes;
        sum.memoryLimitBytes += look.use.memoryLimitBytes;
        sum.processes += look.use.processes;
    }
    return sum;
}

} // namespace

void SandboxProcesses::show(const std::vector<SandboxLook>& looks)
{
    beginResetModel();
    m_rows.clear();
    for (const auto& look : looks) {
        if (look.processes.empty())
            continue;
        m_titles = look.processes.front();
        m_rows.insert(m_rows.end(), look.processes.begin() + 1, look.processes.end());
    }
    endResetModel();
}

int SandboxProcesses::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int SandboxProcesses::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_titles.size());
}

QVariant SandboxProcesses::data(const QModelIndex& index, int role) const
{
    if (role != Qt::DisplayRole || !index.isValid())
        return {};
    const auto& row = m_rows[std::size_t(index.row())];
    return std::size_t(index.column()) < row.size() ? shownName(text(row[std::size_t(index.column())])) : QString();
}

QVariant SandboxProcesses::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool isTitle = orientation == Qt::Horizontal && role == Qt::DisplayRole && section >= 0 && std::size_t(section) < m_titles.size();
    return isTitle ? text(m_titles[std::size_t(section)]) : QVariant();
}

SandboxPanel::SandboxPanel(QWidget* parent) :
    QWidget(parent),
    m_place(factLabel("sandboxPlace", this)),
    m_limits(factLabel("sandboxLimits", this)),
    m_cpu(new Sparkline(tr("Processor"), share, this)),
    m_memory(new Sparkline(tr("Memory"), memorySize, this)),
    m_processes(new SandboxProcesses(this)),
    m_table(new QTableView(this)),
    m_copy(new QPushButton(tr("&Copy docker command"), this)),
    m_terminal(new QPushButton(tr("Open &terminal"), this)),
    m_clock(new QTimer(this))
{
    m_cpu->setObjectName("sandboxChart");
    for (auto* chart : {m_cpu, m_memory})
        chart->setPlaceName([](int index, int count) { return tr("%1 ago").arg(durationText(Milliseconds((count - 1 - index) * kLookEveryMs))); });
    m_limits->setForegroundRole(QPalette::PlaceholderText);
    m_table->setObjectName("sandboxProcesses");
    m_table->setAccessibleName(tr("Processes in the sandbox"));
    m_table->setModel(m_processes);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    auto* charts = new QHBoxLayout;
    charts->setSpacing(8);
    charts->addWidget(m_cpu);
    charts->addWidget(m_memory);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_place);
    column->addWidget(m_limits);
    column->addLayout(charts);
    column->addWidget(m_table, 1);
    column->addWidget(makeButtons());
    m_clock->setInterval(kLookEveryMs);
    connect(m_clock, &QTimer::timeout, this, &SandboxPanel::ask);
    clear();
}

QWidget* SandboxPanel::makeButtons()
{
    m_copy->setObjectName("sandboxCopy");
    m_copy->setToolTip(tr("A command that opens a shell in the sandbox, to be run in a terminal of yours"));
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(command()); });
    m_terminal->setObjectName("sandboxTerminal");
    m_terminal->setToolTip(tr("A shell in the sandbox, in a terminal of the desktop"));
    m_terminal->setVisible(!QStandardPaths::findExecutable(QLatin1String(kTerminal)).isEmpty() && !QStandardPaths::findExecutable(QStringLiteral("docker")).isEmpty());
    connect(m_terminal, &QPushButton::clicked, this, [this] { QProcess::startDetached(QLatin1String(kTerminal), QStringList{QStringLiteral("-e")} + command().split(u' ')); });
    auto* box = new QWidget(this);
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_copy);
    row->addWidget(m_terminal);
    row->addStretch(1);
    return box;
}

QString SandboxPanel::command() const
{
    return QStringLiteral("docker exec -it %1 bash").arg(text(m_container).left(12));
}

void SandboxPanel::clear()
{
    m_cpuValues.clear();
    m_memoryValues.clear();
    m_limits->clear();
    m_isAtWork = false;
    showLooks({});
}

void SandboxPanel::follow(const RunState& state, bool isAtWork)
{
    const bool isNews = std::exchange(m_isAtWork, isAtWork) != isAtWork;
    const auto* stage = state.currentStage ? state.stage(*state.currentStage) : nullptr;
    m_wanted = stage == nullptr ? std::string() : stage->container;
    const auto& limits = memberOf(state.started.settings, "sandbox");
    const auto number = [&](const char* name) {
        const auto& value = memberOf(limits, name);
        return value.is_number() ? value.get<double>() : 0;
    };
    if (limits.is_object())
        m_limits->setText(tr("A sandbox has at most %1 processors, %2 of memory and %3 processes.")
                              .arg(number("cpus")).arg(memorySize(number("memory_mb") * (1 << 20))).arg(number("pids")));
    if (isNews)
        showLooks({});
}

void SandboxPanel::take(const Result<std::vector<SandboxLook>>& looks)
{
    m_isAsked = false;
    if (looks) {
        auto seen = m_isAtWork ? *looks : std::vector<SandboxLook>();
        if (std::ranges::any_of(seen, [this](const SandboxLook& look) { return look.info.id == m_wanted; }))
            std::erase_if(seen, [this](const SandboxLook& look) { return isSpare(look); });
        showLooks(seen);
    } else if (m_isAtWork) {
        m_place->setText(describe(looks.error()));
    }
}

/// The next stage's sandbox is made while this one works, and nothing runs in it yet. Background jobs have one of their own.
bool SandboxPanel::isSpare(const SandboxLook& look) const
{
    return look.purpose == "agent" && look.info.id != m_wanted && look.info.name.find("-jobs-") == std::string::npos;
}

void SandboxPanel::showLooks(const std::vector<SandboxLook>& looks)
{
    auto agent = std::ranges::find(looks, m_wanted, [](const SandboxLook& look) { return look.info.id; });
    if (agent == looks.end())
        agent = std::ranges::find(looks, "agent", &SandboxLook::purpose);
    m_container = agent == looks.end() || agent->purpose != "agent" ? std::string() : agent->info.id;
    m_copy->setEnabled(!m_container.empty());
    m_terminal->setEnabled(!m_container.empty());
    m_processes->show(looks);
    m_table->resizeColumnsToContents();
    if (looks.empty()) {
        m_place->setText(m_isAtWork ? tr("No sandbox is open at this moment.") : tr("No sandbox: nothing of this run is at work."));
    } else {
        const auto& info = (agent == looks.end() ? looks.front() : *agent).info;
        const auto use = sumOf(looks);
        m_place->setText(tr("%1 · container %2 · image %3").arg(text(info.name), text(info.id).left(12), text(info.image)));
        keep(m_cpuValues, use.cpuPercent);
        keep(m_memoryValues, double(use.memoryBytes));
    }
    m_cpu->setValues(m_cpuValues);
    m_memory->setValues(m_memoryValues);
}

void SandboxPanel::ask()
{
    if (!m_isAtWork || m_isAsked)
        return;
    m_isAsked = true;
    emit lookAsked();
}

void SandboxPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_clock->start();
    ask();
}

void SandboxPanel::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_clock->stop();
}

} // namespace aap
