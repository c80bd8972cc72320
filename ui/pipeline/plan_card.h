#pragma once

#include <QAbstractButton>

#include "core/domain/pipeline_spec.h"

namespace aap {

/// A stage as it is planned: whether it is used, its model and limits, and whether it waits at a gate. Choosing it shows its form.
class PlanCard : public QAbstractButton {
    Q_OBJECT

public:
    explicit PlanCard(StageId stage, QWidget* parent = nullptr);

    StageId stage() const { return m_stage; }
    void show(const StageSpec& spec);
    QSize sizeHint() const override;

signals:
    /// Insert was pressed: the gate before it shall come or go.
    void gateAsked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    const StageId m_stage;
    bool m_isUsed = true;
    bool m_hasGate = false;
    QStringList m_lines;
};

} // namespace aap
