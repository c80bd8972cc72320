#pragma once

#include <QImage>
#include <QStringList>

class QListWidget;
class QWidget;

namespace aap {

/// What is wrong with how a window looks, a line each; empty: nothing.
QStringList complaintsAbout(QWidget& window);
/// Texts that are too faint to read in a picture of the window.
QStringList faintTexts(QWidget& window, const QImage& picture);
/// The hardest edge in a picture, from 0 to 1 of its whole range: a picture that was enlarged has none above a half.
double hardestEdge(const QImage& picture);
/// Entries whose icon in a picture of the window is not as sharp as the screen.
QStringList blurredIcons(const QListWidget& list, const QImage& picture);
/// Widgets that the keyboard does not come to by Tab alone.
QStringList unreachable(QWidget& window);
/// Nodes of the accessible tree that can have the focus and are called nothing, and siblings of one name.
QStringList nameless(QWidget& window);

} // namespace aap
