#pragma once

#include <QImage>
#include <QStringList>

class QWidget;

namespace aap {

/// What is wrong with how a window looks, a line each; empty: nothing.
QStringList complaintsAbout(QWidget& window);
/// Texts that are too faint to read in a picture of the window.
QStringList faintTexts(QWidget& window, const QImage& picture);
/// Widgets that the keyboard does not come to by Tab alone.
QStringList unreachable(QWidget& window);
/// Nodes of the accessible tree that can have the focus and are called nothing, and siblings of one name.
QStringList nameless(QWidget& window);

} // namespace aap
