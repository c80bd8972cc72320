#pragma once

#include <QIcon>

#include "ui/shell/sidebar.h"

namespace aap {

/// Drawn with lines in the colour of the text beside it, sharp at any size.
QIcon pageIcon(PageId page);

} // namespace aap
