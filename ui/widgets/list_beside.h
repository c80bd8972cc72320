#pragma once

class QLayout;
class QWidget;

namespace aap {

/// Fills a tab of a run: on the left what there is to choose from, on the right what was chosen with a bar above it; the border between
/// them can be moved.
void layOutBeside(QWidget& tab, QWidget* list, QLayout* bar, QWidget* content);

} // namespace aap
