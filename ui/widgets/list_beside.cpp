#include "ui/widgets/list_beside.h"

#include <QSplitter>
#include <QVBoxLayout>

namespace aap {

void layOutBeside(QWidget& tab, QWidget* list, QLayout* bar, QWidget* content)
{
    auto* right = new QWidget(&tab);
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(8, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(bar);
    column->addWidget(content, 1);
    auto* splitter = new QSplitter(Qt::Horizontal, &tab);
    splitter->addWidget(list);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 3);
    splitter->setChildrenCollapsible(false);
    auto* whole = new QVBoxLayout(&tab);
    whole->setContentsMargins(0, 8, 0, 0);
    whole->addWidget(splitter);
}

} // namespace aap
