#pragma once

#include <QDialog>

namespace aap {

/// Shows how a project on disk differs from the one in the window, and offers both. Deletes itself.
class DiskComparison : public QDialog {
    Q_OBJECT

public:
    DiskComparison(const QString& disk, const QString& mine, QWidget* parent);

signals:
    void reloadAsked();
    void keepAsked();
};

} // namespace aap
