#pragma once

#include <QWidget>

#include "core/base/result.h"
#include "core/pipeline/intake.h"

class QLabel;
class QTreeWidget;

namespace aap {

/// The requirements as a run will read them: each item with the lines it comes from.
class RequirementItems : public QWidget {
    Q_OBJECT

public:
    explicit RequirementItems(QWidget* parent = nullptr);

    void show(const Result<Intake>& intake);

signals:
    /// The user wants to see a line of the text, from 1.
    void lineChosen(int line);

private:
    QLabel* m_words;
    QTreeWidget* m_items;
};

/// "8 items, 6 of them must · 1 open question"; why they cannot be read.
QString itemsInShort(const Result<Intake>& intake);

} // namespace aap
