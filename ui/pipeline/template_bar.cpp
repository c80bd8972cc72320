#include "ui/pipeline/template_bar.h"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "core/project/project_file.h"
#include "ui/describe.h"
#include "ui/project/project.h"
#include "ui/widgets/form_sheet.h"

namespace aap {
namespace {

constexpr int kTemplateCharacters = 24;

PipelineSpec withoutDeployment(PipelineSpec spec)
{
    for (auto& stage : spec.stages)
        if (stage.id == StageId::Deployment || stage.id == StageId::Monitoring)
            stage.enabled = false;
    return spec;
}

PipelineSpec askingAlways(PipelineSpec spec)
{
    for (auto& stage : spec.stages)
        stage.gateBefore = true;
    return spec;
}

} // namespace

TemplateBar::TemplateBar(Project& project, QString folder, QWidget* parent) :
    QWidget(parent),
    m_project(project),
    m_folder(std::move(folder)),
    m_list(new QComboBox(this)),
    m_save(new QPushButton(tr("&Save as template …"), this)),
    m_remove(new QPushButton(tr("Re&move"), this))
{
    m_list->setObjectName("pipelineTemplate");
    m_list->setAccessibleName(tr("Template"));
    m_list->setMinimumContentsLength(kTemplateCharacters);
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_list->setFocusPolicy(Qt::StrongFocus);
    m_save->setObjectName("templateSave");
    m_save->setToolTip(tr("Keep this pipeline under a name, for other projects and for --pipeline"));
    m_save->setVisible(!m_folder.isEmpty());
    m_remove->setObjectName("templateRemove");
    m_remove->setToolTip(tr("Remove this template of yours; projects that began with it stay as they are"));
    auto* label = new QLabel(tr("&Template"), this);
    label->setBuddy(m_list);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(label);
    for (auto* widget : std::initializer_list<QWidget*>{m_list, m_remove, m_save})
        row->addWidget(widget);
    connect(m_list, &QComboBox::activated, this, &TemplateBar::choose);
    connect(m_save, &QPushButton::clicked, this, &TemplateBar::save);
    connect(m_remove, &QPushButton::clicked, this, &TemplateBar::removeChosen);
    connect(&m_project, &Project::pipelineChanged, this, [this] {
        if (toJson(m_project.defaults()) == m_readFor)
            showChosen();
        else
            read(); // it was the settings that changed
    });
    connect(&m_project, &Project::opened, this, &TemplateBar::read);
    read();
}

void TemplateBar::read()
{
    const auto& defaults = m_project.defaults();
    m_readFor = toJson(defaults);
    m_choices = {{tr("Standard, as the settings say"), defaults}, {tr("Without deployment"), withoutDeployment(defaults)}, {tr("Ask me before every stage"), askingAlways(defaults)}};
    for (const auto& saved : m_folder.isEmpty() ? std::vector<PipelineTemplate>() : pipelineTemplates(m_folder.toStdString()))
        if (const auto spec = readTemplate(saved.file, defaults))
            m_choices.push_back({text(saved.name), *spec, saved});
    m_list->clear();
    for (const auto& choice : m_choices)
        m_list->addItem(choice.name);
    showChosen();
}

void TemplateBar::showChosen()
{
    const auto now = pipelineDifference(m_project.pipeline(), m_project.defaults());
    const auto found = std::ranges::find_if(m_choices, [&](const Choice& choice) { return pipelineDifference(choice.spec, m_project.defaults()) == now; });
    while (m_list->count() > int(m_choices.size()))
        m_list->removeItem(m_list->count() - 1);
    if (found == m_choices.end())
        m_list->addItem(tr("of its own"));
    m_list->setCurrentIndex(int(found - m_choices.begin()));
    m_remove->setVisible(found != m_choices.end() && !found->saved.name.empty());
}

void TemplateBar::choose(int index)
{
    if (std::size_t(index) >= m_choices.size())
        return;
    const auto choice = m_choices[std::size_t(index)];
    if (const auto changed = m_project.changePipeline(tr("template %1").arg(choice.name), {}, [&](PipelineSpec& spec) { spec = choice.spec; }); !changed)
        emit failed(changed.error());
}

void TemplateBar::save()
{
    auto* sheet = new FormSheet(QStringLiteral("templateSheet"), tr("Save as template"),
                                tr("The pipeline as it is now, with stages, models, limits, tasks and gates. A template of that name is replaced."), tr("&Save"), this);
    auto* name = new QLineEdit(sheet);
    sheet->add(tr("&Name"), name, QStringLiteral("templateName"));
    sheet->setReady(false);
    connect(name, &QLineEdit::textChanged, sheet, [sheet, name] { sheet->setReady(!name->text().trimmed().isEmpty()); });
    sheet->ask([this, name] { keep(name->text().trimmed()); });
}

void TemplateBar::keep(const QString& name)
{
    if (const auto saved = saveTemplate(m_folder.toStdString(), name.toStdString(), m_project.pipeline()); !saved)
        emit failed(saved.error());
    read();
}

void TemplateBar::removeChosen()
{
    const auto index = std::size_t(m_list->currentIndex());
    if (index >= m_choices.size() || m_choices[index].saved.name.empty())
        return;
    if (const auto removed = removeTemplate(m_choices[index].saved); !removed)
        emit failed(removed.error());
    read();
}

} // namespace aap
