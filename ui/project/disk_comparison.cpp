#include "ui/project/disk_comparison.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/diff_view.h"
#include "ui/widgets/inert_text.h"

namespace aap {
namespace {

constexpr QSize kComparisonSize(760, 480);

} // namespace

DiskComparison::DiskComparison(const QString& disk, const QString& mine, QWidget* parent) :
    QDialog(parent)
{
    setObjectName("diskComparison");
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("On disk and here"));
    auto* words = plainLabel("diskComparisonWords", this);
    words->setText(tr("− is only on disk, + is only here."));
    auto* view = new DiffView(this);
    view->setObjectName("diskChanges");
    view->setAccessibleName(tr("How the file and what you wrote differ"));
    view->show(diffLines(disk, mine), tr("There is no difference."));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch(1);
    const auto offer = [&](const char* name, const QString& label, void (DiskComparison::*chosen)()) {
        auto* button = new QPushButton(label, this);
        button->setObjectName(name);
        button->setAutoDefault(false);
        buttons->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, chosen] {
            if (chosen != nullptr)
                (this->*chosen)();
            accept();
        });
    };
    offer("comparisonReload", tr("Re&load"), &DiskComparison::reloadAsked);
    offer("comparisonKeep", tr("&Keep mine"), &DiskComparison::keepAsked);
    offer("comparisonClose", tr("&Close"), nullptr);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(words);
    column->addWidget(view, 1);
    column->addLayout(buttons);
    resize(kComparisonSize);
}

} // namespace aap
