#include "ui/shell/page_icon.h"

#include <QApplication>
#include <QPainter>
#include <QSvgRenderer>

#include "ui/widgets/look.h"

namespace aap {
namespace {

/// Strokes on a grid of 24, as SVG has them.
QByteArray strokes(PageId page)
{
    switch (page) {
    case PageId::Welcome: return "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6";
    case PageId::Project: return "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3";
    case PageId::Pipeline: return "M2.5 9h4.5v6H2.5zM17 9h4.5v6H17zM9.75 9h4.5v6h-4.5zM7 12h2.75M14.25 12H17";
    case PageId::Run: return "M7 5l12 7-12 7z";
    case PageId::Artifacts: return "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6";
    case PageId::History: return "M4 12a8 8 0 1 0 2.5-5.8L4 8M4 4v4h4M12 8v4l3 2";
    case PageId::Settings:
        return "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h7M15 17h5M17 7a2 2 0 1 1-4 0 2 2 0 1 1 4 0zM11 12a2 2 0 1 1-4 0 2 2 0 1 1 4 0z"
               "M15 17a2 2 0 1 1-4 0 2 2 0 1 1 4 0z";
    case PageId::Doctor: return "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM12 8v8M8 12h8";
    }
    return {};
}

/// The colour is asked for when it is painted, so that a change of scheme needs no new icons.
class StrokeEngine final : public DrawnIcon {
public:
    explicit StrokeEngine(QByteArray path) : m_path(std::move(path)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        const auto palette = QApplication::palette();
        const auto colour = mode == QIcon::Selected   ? palette.color(QPalette::HighlightedText)
                            : mode == QIcon::Disabled ? palette.color(QPalette::Disabled, QPalette::Text)
                                                      : palette.color(QPalette::Text);
        QSvgRenderer drawing("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'><path fill='none' stroke='" + colour.name().toLatin1()
                             + "' stroke-width='1.7' stroke-linecap='round' stroke-linejoin='round' d='" + m_path + "'/></svg>");
        drawing.render(painter, QRectF(rect));
    }
    QIconEngine* clone() const override { return new StrokeEngine(m_path); }

private:
    QByteArray m_path;
};

} // namespace

QIcon pageIcon(PageId page)
{
    return QIcon(new StrokeEngine(strokes(page))); // QIcon owns its engine
}

} // namespace aap
