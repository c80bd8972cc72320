#include "ui/artifacts/preview_pane.h"

#include <algorithm>

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTabBar>
#include <QTreeView>
#include <QVBoxLayout>

#include "ui/artifacts/source_colours.h"
#include "ui/log/log_panel.h"
#include "ui/widgets/diff_view.h"
#include "ui/widgets/inert_text.h"
#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr int kMostRendering = 300; // milliseconds; Markdown is laid out on the GUI thread
constexpr qsizetype kMostColoured = 512 << 10;
constexpr int kNameColumn = 240;

} // namespace

PreviewPane::PreviewPane(QWidget* parent) :
    QWidget(parent),
    m_tabs(new QTabBar(this)),
    m_views(new QStackedWidget(this)),
    m_text(new QPlainTextEdit(this)),
    m_colours(new SourceColours(m_text->document())),
    m_markdownView(new InertBrowser(this)),
    m_jsonView(new QTreeView(this)),
    m_json(new JsonTree(this)),
    m_pictureArea(new QScrollArea(this)),
    m_picture(new QLabel(this)),
    m_big(new LogPanel(QStringLiteral("artifactBig"), this)),
    m_changes(new DiffView(this)),
    m_beside(new QPushButton(tr("Side &by side"), this))
{
    makeViews();
    makeTabs();
    auto* bar = new QHBoxLayout;
    bar->setSpacing(8);
    bar->addWidget(m_tabs);
    bar->addStretch(1);
    bar->addWidget(m_beside);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(bar);
    column->addWidget(m_views, 1);
    offerTabs();
    showTab();
}

void PreviewPane::makeViews()
{
    m_text->setObjectName("artifactView");
    m_text->setAccessibleName(tr("Preview"));
    m_text->setReadOnly(true);
    m_text->setFont(fixedFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_markdownView->setObjectName("artifactRendered");
    m_markdownView->setAccessibleName(tr("Preview, rendered"));
    m_jsonView->setObjectName("artifactJson");
    m_jsonView->setAccessibleName(tr("Preview as a tree"));
    m_jsonView->setUniformRowHeights(true);
    m_jsonView->setModel(m_json);
    m_picture->setTextFormat(Qt::PlainText);
    m_picture->setAlignment(Qt::AlignCenter);
    m_pictureArea->setObjectName("artifactPicture");
    m_pictureArea->setAccessibleName(tr("Preview, picture"));
    m_pictureArea->setWidget(m_picture);
    m_pictureArea->setWidgetResizable(true);
    m_changes->setObjectName("artifactChanges");
    for (auto* view : std::initializer_list<QWidget*>{m_text, m_markdownView, m_jsonView, m_pictureArea, m_big, m_changes})
        m_views->addWidget(view);
}

void PreviewPane::makeTabs()
{
    m_tabs->setObjectName("artifactTabs");
    m_tabs->setAccessibleName(tr("How the file is shown"));
    m_tabs->setDrawBase(false);
    for (const auto& label : {tr("Text"), tr("Rendered"), tr("Changes")})
        m_tabs->addTab(label);
    m_beside->setObjectName("artifactBeside");
    m_beside->setCheckable(true);
    connect(m_beside, &QPushButton::toggled, m_changes, &DiffView::setSideBySide);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        if (m_changing)
            return;
        m_wanted = tab;
        showTab();
    });
}

void PreviewPane::show(const Preview& preview)
{
    m_preview = preview;
    offerTabs();
    showTab();
}

void PreviewPane::offerTabs()
{
    using Kind = Preview::Kind;
    const bool rendered = m_preview.kind == Kind::Tree || m_preview.kind == Kind::Picture || (m_preview.kind == Kind::Markdown && isQuickMarkdown(m_preview.words, kMostRendering));
    const bool textual = m_preview.kind != Kind::Nothing && m_preview.kind != Kind::Picture;
    m_changing = true;
    m_tabs->setTabVisible(TextTab, textual);
    m_tabs->setTabVisible(RenderedTab, rendered);
    m_tabs->setTabVisible(ChangesTab, m_preview.compared);
    const bool possible = m_tabs->isTabVisible(m_wanted);
    m_tabs->setCurrentIndex(possible ? m_wanted : rendered ? RenderedTab : textual || !m_preview.compared ? TextTab : ChangesTab);
    m_tabs->setVisible(int(textual) + int(rendered) + int(m_preview.compared) > 1);
    m_changing = false;
}

void PreviewPane::showTab()
{
    const auto tab = m_tabs->currentIndex();
    m_beside->setVisible(tab == ChangesTab);
    if (m_preview.kind != Preview::Kind::Big)
        m_big->close();
    if (tab == RenderedTab)
        return showRendered();
    if (tab == TextTab)
        return showText();
    m_changes->show(m_preview.changes, tr("Nothing in this file has changed."));
    m_views->setCurrentWidget(m_changes);
}

void PreviewPane::showText()
{
    if (m_preview.kind == Preview::Kind::Big) {
        m_big->open(m_preview.folder, m_preview.path, false);
        m_views->setCurrentWidget(m_big);
        return;
    }
    m_colours->setLanguage(nullptr);
    m_text->setPlainText(m_preview.words);
    if (m_preview.kind != Preview::Kind::Binary && m_preview.words.size() <= kMostColoured)
        m_colours->setLanguage(languageOf(m_preview.path));
    m_views->setCurrentWidget(m_text);
}

void PreviewPane::showRendered()
{
    if (m_preview.kind == Preview::Kind::Markdown)
        return showMarkdown();
    if (m_preview.kind == Preview::Kind::Picture)
        return showPicture();
    m_json->show(m_preview.json);
    m_jsonView->expandToDepth(0);
    m_jsonView->header()->resizeSection(0, std::max(kNameColumn, m_jsonView->width() / 3)); // before it is shown it has no width yet
    m_views->setCurrentWidget(m_jsonView);
}

void PreviewPane::showMarkdown()
{
    m_markdownView->showMarkdown(m_preview.words);
    m_views->setCurrentWidget(m_markdownView);
}

void PreviewPane::showPicture()
{
    const auto room = m_pictureArea->viewport()->size();
    auto picture = QPixmap::fromImage(m_preview.picture);
    if (picture.width() > room.width() || picture.height() > room.height())
        picture = picture.scaled(room * devicePixelRatioF(), Qt::KeepAspectRatio, Qt::SmoothTransformation);
    picture.setDevicePixelRatio(devicePixelRatioF());
    m_picture->setPixmap(picture);
    m_picture->setAccessibleName(tr("Picture, %1 by %2 pixels").arg(m_preview.picture.width()).arg(m_preview.picture.height()));
    m_views->setCurrentWidget(m_pictureArea);
}

void PreviewPane::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_colours != nullptr)
        m_colours->rehighlight(); // in the scheme's colours
}

} // namespace aap
