#include "ui/shell/page_stack.h"

#include <utility>

namespace aap {

void PageStack::add(PageId page, Make make)
{
    m_makes.insert(page, std::move(make));
    auto* place = new QWidget(this);
    m_places.insert(page, place);
    addWidget(place);
}

void PageStack::turnTo(PageId page)
{
    setCurrentWidget(&now(page));
}

QWidget& PageStack::now(PageId page)
{
    if (auto* known = m_made.value(page))
        return *known;
    auto* made = m_makes.value(page)();
    m_made.insert(page, made);
    auto* place = m_places.take(page);
    const bool isShown = currentWidget() == place;
    const auto at = indexOf(place);
    insertWidget(at, made);
    removeWidget(place);
    place->deleteLater();
    if (isShown)
        setCurrentIndex(at);
    return *made;
}

} // namespace aap
