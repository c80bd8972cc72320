#include "ui/log/log_colours.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <QApplication>
#include <QPalette>

#include "ui/widgets/look.h"

namespace aap {
namespace {

constexpr double kReadable = 4.5;

constexpr std::array<QRgb, 16> kTerminalLight{0xff1f2328, 0xffb3261e, 0xff00784f, 0xff7a5000, 0xff0b4fd0, 0xff8a2a8c, 0xff006d77, 0xff57606a,
                                              0xff4b5563, 0xffc4352b, 0xff00784f, 0xff8a5a00, 0xff2563eb, 0xff9c36a0, 0xff00737d, 0xff1f2328};
constexpr std::array<QRgb, 16> kTerminalDark{0xff8b949e, 0xfff97066, 0xff6ee7b7, 0xfff7c948, 0xff9cc7ff, 0xffd9a0ff, 0xff7fdbe6, 0xffc9d1d9,
                                             0xffa7b0ba, 0xffff8a80, 0xff86efac, 0xfffde047, 0xffb6d7ff, 0xffe6bcff, 0xffa5f3fc, 0xffffffff};

double luminance(const QColor& colour)
{
    const auto linear = [](double channel) { return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF());
}

QColor colourOf(int code)
{
    if (code >= LogStyle::kRgb)
        return QColor(QRgb(0xff000000U | (unsigned(code) & 0xffffffU)));
    return QColor((isDark() ? kTerminalDark : kTerminalLight)[std::size_t(code)]);
}

QColor readableOn(QColor text, const QColor& ground)
{
    const bool lighter = luminance(ground) < 0.18;
    for (int step = 0; step < 20 && contrastOf(text, ground) < kReadable; ++step) {
        float hue = 0, saturation = 0, lightness = 0;
        text.getHslF(&hue, &saturation, &lightness);
        text = QColor::fromHslF(std::max(hue, 0.0F), saturation, std::clamp(lightness + (lighter ? 0.05F : -0.05F), 0.0F, 1.0F));
    }
    return text;
}

} // namespace

double contrastOf(const QColor& one, const QColor& other)
{
    const auto first = luminance(one);
    const auto second = luminance(other);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

LogColours coloursOf(const LogStyle& style)
{
    const auto palette = QApplication::palette();
    if (style.quiet)
        return {.text = quietText()};
    auto text = style.text == LogStyle::kDefault ? palette.color(QPalette::Text) : colourOf(style.text);
    auto ground = style.ground == LogStyle::kDefault ? QColor() : colourOf(style.ground);
    if (style.inverse) {
        const auto before = ground;
        ground = text;
        text = before.isValid() ? before : palette.color(QPalette::Base);
    }
    if (style.faint && style.text == LogStyle::kDefault)
        text = quietText();
    return {.text = readableOn(text, ground.isValid() ? ground : palette.color(QPalette::Base)), .ground = ground};
}

} // namespace aap
