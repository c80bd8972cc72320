#include <cstdio>

#include <QImage>
#include <QPainter>
#include <QString>
#include <QSvgRenderer>

/// Draws an SVG as a square PNG, when the program is built: render_icon IN.svg PIXELS OUT.png
int main(int argc, char** argv)
{
    const int pixels = argc == 4 ? QString::fromLocal8Bit(argv[2]).toInt() : 0;
    if (pixels <= 0) {
        std::fputs("usage: render_icon IN.svg PIXELS OUT.png\n", stderr);
        return 2;
    }
    QSvgRenderer drawing(QString::fromLocal8Bit(argv[1]));
    QImage picture(pixels, pixels, QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    drawing.render(&painter);
    painter.end();
    if (drawing.isValid() && picture.save(QString::fromLocal8Bit(argv[3]), "PNG"))
        return 0;
    std::fprintf(stderr, "render_icon: cannot draw %s as %s\n", argv[1], argv[3]);
    return 1;
}
