#pragma once

#include <optional>

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QIconEngine>
#include <QString>

#include "core/domain/run_event.h"

class QApplication;
class QPainter;
class QRectF;

namespace aap {

/// Light or dark, as the user chose or the desktop's palette says.
enum class Scheme { System, Light, Dark };

/// Fusion with our own palettes; may be called again at any time, every widget follows.
void applyScheme(Scheme scheme);
/// What the desktop said it wants since; empty: nothing, so its palette decides. Followed at once where the user left it to the system.
void setDesktopColours(std::optional<bool> wantsDark);
bool isDark();
/// Of every text, in per cent of the system's; at once.
void setTextSize(int percent);

/// Shapes for states: never colour alone. Drawn, so that they are sharp at any size.
enum class Shape { DottedRing, Dash, Triangle, Lens, Hand, Bars, Loop, Tick, Cross, Square, Bolt };

/// How a state looks and what it is called.
struct StateLook {
    Shape shape{};
    QString word{};
    QColor colour{};
};
StateLook lookOf(StageStatus status);
StateLook lookOf(RunEnding ending);
StateLook lookOf(CheckStatus status);
/// Of a run that stands still because the user wishes it, and of the stage at work in it.
StateLook pausedLook();
/// Of a run whose program died.
StateLook interruptedLook();

/// An icon that is drawn anew at every size and pixel ratio; to be given a paint().
class DrawnIcon : public QIconEngine {
public:
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override;
};

void paintShape(QPainter& painter, const QRectF& box, Shape shape, const QColor& colour);
QIcon shapeIcon(Shape shape, const QColor& colour);

/// The system's fixed one, in the size of the other texts.
QFont fixedFont();
/// Of a page's heading, beside `base`.
QFont headingFont(const QFont& base);
QColor quietText();
QColor accent();

} // namespace aap
