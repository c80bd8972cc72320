#pragma once

#include <array>

#include <QObject>

#include "core/config/doctor.h"
#include "ui/shell/sidebar.h"

class QStatusBar;
class QToolButton;

namespace aap {

/// The parts of the status bar: engine, key, model, stage, money and what was saved; each a button to its page.
class StatusParts : public QObject {
    Q_OBJECT

public:
    enum Part { Engine, Key, Model, Stage, Money, Saved };

    explicit StatusParts(QStatusBar& bar);

    /// Plain text, whoever wrote it; an empty part is not shown.
    void set(Part part, const QString& words);
    void showFindings(const std::vector<Finding>& findings);

signals:
    void pageAsked(aap::PageId page);

private:
    std::array<QToolButton*, 6> m_parts{};
};

} // namespace aap
