#pragma once

#include "ui/shell/main_window.h"

namespace aap {

/// A window whose user has looked at every page once and gone back to the first: all of them are made.
class VisitedWindow final : public MainWindow {
public:
    VisitedWindow(Workbench& workbench, const WindowFiles& files) : MainWindow(workbench, files)
    {
        const auto first = findChild<Sidebar*>()->current();
        for (int page = int(PageId::Welcome); page <= int(PageId::Doctor); ++page)
            showPage(PageId(page));
        showPage(first);
    }
};

} // namespace aap
