#include "ui/history/run_exports.h"

#include <QFileDialog>
#include <QFileInfo>

#include "core/store/output_folder.h"
#include "ui/describe.h"
#include "ui/shell/to_gui.h"
#include "ui/widgets/question.h"

namespace aap {
namespace {

constexpr std::size_t kMostNamedFiles = 5;
const QString kBundleEnding = QStringLiteral(".bundle.zip");

/// "README.md, src/a.py and 3 more"
QString namesOf(const std::vector<std::string>& paths)
{
    QStringList names;
    for (const auto& path : paths)
        if (std::size_t(names.size()) < kMostNamedFiles)
            names << text(path).simplified();
    const auto more = paths.size() - std::size_t(names.size());
    return names.join(QStringLiteral(", ")) + (more > 0 ? RunExports::tr(" and %1 more").arg(more) : QString());
}

/// What a look into a bundle came to, a line each.
QString verdictOn(const Workbench::VerifiedBundle& bundle)
{
    const auto& files = bundle.found.files;
    QStringList lines{RunExports::tr("Run %1: %n file(s) are as listed.", nullptr, int(files.intact)).arg(text(bundle.found.runId))};
    for (const auto& [words, paths] : {std::pair(RunExports::tr("Changed: %1"), &files.changed), {RunExports::tr("Missing: %1"), &files.missing}, {RunExports::tr("Not on the list: %1"), &files.extra}})
        if (!paths->empty())
            lines << words.arg(namesOf(*paths));
    const auto key = text(fingerprintOf(bundle.found.publicKey));
    if (!bundle.found.isSigned)
        lines << RunExports::tr("The signature is not good: the list of files was changed, or was never signed.");
    else if (bundle.isOwnKey)
        lines << RunExports::tr("Signed with your key %1.").arg(key);
    else
        lines << RunExports::tr("Signed with the key %1. Ask whoever sent it whether that is theirs.").arg(key);
    return lines.join(u'\n');
}

} // namespace

RunExports::RunExports(Workbench& workbench, QWidget* page) :
    QObject(page),
    m_workbench(workbench),
    m_page(page)
{
    m_workers.setMaxThreadCount(1);
}

RunExports::~RunExports()
{
    m_workers.waitForDone();
}

void RunExports::exportRun(const RunSummary& run)
{
    const auto archive = tr("ZIP archive (*.zip)");
    const auto bundle = tr("Signed bundle to hand on (*.bundle.zip)");
    auto* dialog = new QFileDialog(m_page, tr("Export the run"));
    dialog->setObjectName("exportDialog");
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setNameFilters(run.ending && run.signedBy.empty() ? QStringList{archive, bundle} : QStringList{archive});
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setOption(QFileDialog::DontConfirmOverwrite); // nothing is overwritten
    dialog->setDefaultSuffix(QStringLiteral("zip"));
    dialog->selectFile(text(run.id) + QStringLiteral(".zip"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog, bundle, id = text(run.id)](const QString& filter) {
        dialog->selectFile(id + (filter == bundle ? kBundleEnding : QStringLiteral(".zip"))); // an ending of two parts is no suffix
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, run](const QString& target) { writeTo(run, target); });
    openSheet(*dialog);
}

void RunExports::writeTo(const RunSummary& run, const QString& target)
{
    emit said(tr("Exporting …"));
    if (target.endsWith(kBundleEnding))
        return m_workbench.bundleRun(run, target, toGui<Result<std::size_t>>(this, [this, target](const auto& count) { sayWritten(target, count ? Result<void>() : count.error()); }));
    const auto done = toGui<Result<void>>(this, [this, target](const auto& outcome) { sayWritten(target, outcome); });
    m_workers.start([run, target, done] { done(guarded([&] { return exportOutput(run.output, target.toStdString()); })); });
}

void RunExports::sayWritten(const QString& target, const Result<void>& outcome)
{
    emit said(outcome ? tr("Exported to %1").arg(target) : tr("Not exported"));
    if (!outcome)
        emit failed(outcome.error());
}

QFileDialog* RunExports::askForBundle(const char* name, const QString& title)
{
    auto* dialog = new QFileDialog(m_page, title, {}, tr("Bundles (*.zip)"));
    dialog->setObjectName(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    openSheet(*dialog);
    return dialog;
}

void RunExports::verify()
{
    connect(askForBundle("verifyDialog", tr("Verify an exported bundle")), &QFileDialog::fileSelected, this, [this](const QString& file) {
        m_workbench.verifyBundle(file, toGui<Result<Workbench::VerifiedBundle>>(this, [this, file](const auto& found) {
            if (found)
                showVerified(file, *found);
            else
                emit failed(found.error());
        }));
    });
}

void RunExports::import()
{
    connect(askForBundle("importDialog", tr("Import a run from a bundle")), &QFileDialog::fileSelected, this, [this](const QString& file) {
        emit said(tr("Importing …"));
        m_workbench.importBundle(file, toGui<Result<ImportedRun>>(this, [this](const auto& run) { takeImported(run); }));
    });
}

void RunExports::takeImported(const Result<ImportedRun>& run)
{
    if (!run) {
        emit said(tr("Not imported"));
        emit failed(run.error());
        return;
    }
    emit said(tr("Imported run %1, signed with the key %2. It can be read, compared and exported.").arg(text(run->runId), text(fingerprintOf(run->publicKey))));
    emit imported(run->runId);
}

void RunExports::showVerified(const QString& file, const Workbench::VerifiedBundle& bundle)
{
    const auto name = QFileInfo(file).fileName();
    auto* sheet = new Question(bundle.found.isGood() ? tr("%1 is as it was signed").arg(name) : tr("%1 is not as it was signed").arg(name), verdictOn(bundle), m_page);
    sheet->setObjectName("verifySheet");
    sheet->offer("closeVerified", tr("&Close"), [] {});
    sheet->ask();
}

} // namespace aap
