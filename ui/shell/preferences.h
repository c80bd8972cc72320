#pragma once

#include <QObject>
#include <QString>

#include "ui/desktop/desktop_wishes.h"
#include "ui/widgets/look.h"

class QSettings;

namespace aap {

/// What the user wants of this window alone, kept beside its size and place. It holds at once, but for the language.
class Preferences : public QObject {
    Q_OBJECT

public:
    explicit Preferences(QSettings& memory, QObject* parent = nullptr);

    /// Wears what was remembered.
    void apply() const;
    Scheme scheme() const;
    void setScheme(Scheme scheme);
    /// In per cent of the system's.
    int textSize() const;
    /// Bounded to what can be read and fits.
    void setTextSize(int percent);
    /// "en", "de", or empty for the system's; spoken from the next start on.
    QString language() const;
    void setLanguage(const QString& code);
    DesktopWishes desktop() const;
    void setDesktop(const DesktopWishes& wishes);

signals:
    void changed();

private:
    void keep(const QString& key, const QVariant& value);

    QSettings& m_memory;
};

/// The language that was chosen, before there is a window.
QString rememberedLanguage(const QString& memoryFile);

} // namespace aap
