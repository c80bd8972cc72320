#pragma once

#include <functional>

#include <QMap>
#include <QStackedWidget>

#include "ui/shell/sidebar.h"

namespace aap {

/// The pages of the window, one in sight. Each is made when it is first shown or first needed: a window that makes one page is up
/// sooner than one that makes eight.
class PageStack : public QStackedWidget {
    Q_OBJECT

public:
    using Make = std::function<QWidget*()>;

    using QStackedWidget::QStackedWidget;

    /// The next page; what `make` returns belongs to the stack from then on.
    void add(PageId page, Make make);
    bool has(PageId page) const { return m_makes.contains(page); }
    void turnTo(PageId page);
    /// Null before it was shown or needed.
    QWidget* made(PageId page) const { return m_made.value(page); }
    QWidget& now(PageId page);

private:
    QMap<PageId, Make> m_makes;
    QMap<PageId, QWidget*> m_made;
    QMap<PageId, QWidget*> m_places; ///< of pages that are yet to be made
};

/// One page of a stack by its type.
template <typename Page> class LatePage {
public:
    LatePage(PageStack& pages, PageId id) : m_pages(pages), m_id(id) {}

    /// Null before it was shown or needed: then there is nothing on it to be kept up.
    Page* made() const { return static_cast<Page*>(m_pages.made(m_id)); }
    Page& now() const { return static_cast<Page&>(m_pages.now(m_id)); }

private:
    PageStack& m_pages;
    PageId m_id;
};

} // namespace aap
