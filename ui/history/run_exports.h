#pragma once

#include <QObject>
#include <QThreadPool>
#include <QWidget>

#include "core/store/journal.h"
#include "ui/shell/workbench.h"

class QFileDialog;

namespace aap {

/// Runs that leave the history as files, and bundles that are looked into.
class RunExports : public QObject {
    Q_OBJECT

public:
    /// `page`: what sheets belong to.
    RunExports(Workbench& workbench, QWidget* page);
    ~RunExports() override;

    /// Asks for a place and writes the results there: an archive, or a signed bundle.
    void exportRun(const RunSummary& run);
    /// Asks for a bundle and takes its run into the history.
    void import();
    /// Asks for a bundle and says whether it is as it was signed.
    void verify();

signals:
    /// What is going on, or was done.
    void said(const QString& words);
    /// A run is in the history that was not.
    void imported(const std::string& runId);
    void failed(const aap::Error& error);

private:
    void writeTo(const RunSummary& run, const QString& target);
    void sayWritten(const QString& target, const Result<void>& outcome);
    void takeImported(const Result<ImportedRun>& run);
    QFileDialog* askForBundle(const char* name, const QString& title);
    void showVerified(const QString& file, const Workbench::VerifiedBundle& bundle);

    Workbench& m_workbench;
    QWidget* m_page;
    QThreadPool m_workers; ///< own: a disk may be slow
};

} // namespace aap
