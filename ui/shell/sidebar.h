#pragma once

#include <QListWidget>

namespace aap {

/// The pages in the order of their keys, Ctrl+1 and so on.
enum class PageId { Welcome, Project, Pipeline, Run, Artifacts, History, Settings, Doctor };

/// The way to the pages: icons and names, or icons alone when there is little room.
class Sidebar : public QListWidget {
    Q_OBJECT

public:
    explicit Sidebar(QWidget* parent = nullptr);

    void addPage(PageId page, const QString& name);
    /// A line between what is worked with and what is looked after.
    void addGap();
    void select(PageId page);
    PageId current() const;
    /// "2" things wait for the user, "!" something is wrong; empty: nothing. `meaning` says it in words.
    void setBadge(PageId page, const QString& badge, const QString& meaning = {});
    void setCompact(bool compact);
    bool isCompact() const { return m_isCompact; }

signals:
    void chosen(aap::PageId page);

private:
    QListWidgetItem* entry(PageId page) const;

    bool m_isCompact = false;
};

} // namespace aap
