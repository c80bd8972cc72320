#pragma once

#include <QLayout>
#include <QWidget>

namespace aap {

/// Shown without limits of its layout: the platform of tests knows none and says so.
inline void exhibit(QWidget& page, QSize size = {900, 600})
{
    page.layout()->setSizeConstraint(QLayout::SetNoConstraint);
    page.resize(size);
    page.show();
}

} // namespace aap
