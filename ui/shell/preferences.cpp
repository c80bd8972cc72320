#include "ui/shell/preferences.h"

#include <algorithm>

#include <QSettings>

namespace aap {
namespace {

constexpr int kSmallest = 80; // per cent
constexpr int kLargest = 160;
const QString kScheme = QStringLiteral("look/scheme");
const QString kTextSize = QStringLiteral("look/textSize");
const QString kLanguageKey = QStringLiteral("look/language");

constexpr std::pair<const char*, bool DesktopWishes::*> kWishes[] = {{"desktop/needsYou", &DesktopWishes::tellNeedsYou}, {"desktop/finished", &DesktopWishes::tellFinished},
                                                                     {"desktop/failed", &DesktopWishes::tellFailed},     {"desktop/budget", &DesktopWishes::tellBudget},
                                                                     {"desktop/engine", &DesktopWishes::tellEngine},     {"desktop/keepAwake", &DesktopWishes::keepAwake}};

} // namespace

Preferences::Preferences(QSettings& memory, QObject* parent) :
    QObject(parent),
    m_memory(memory)
{
}

void Preferences::apply() const
{
    if (scheme() != Scheme::System) // which is what is worn already
        applyScheme(scheme());
    aap::setTextSize(textSize());
}

Scheme Preferences::scheme() const
{
    const auto kept = m_memory.value(kScheme, int(Scheme::System)).toInt();
    return kept == int(Scheme::Light) || kept == int(Scheme::Dark) ? Scheme(kept) : Scheme::System;
}

void Preferences::setScheme(Scheme scheme)
{
    applyScheme(scheme);
    keep(kScheme, int(scheme));
}

int Preferences::textSize() const
{
    return std::clamp(m_memory.value(kTextSize, 100).toInt(), kSmallest, kLargest);
}

void Preferences::setTextSize(int percent)
{
    aap::setTextSize(std::clamp(percent, kSmallest, kLargest));
    keep(kTextSize, std::clamp(percent, kSmallest, kLargest));
}

QString Preferences::language() const
{
    return m_memory.value(kLanguageKey).toString();
}

void Preferences::setLanguage(const QString& code)
{
    keep(kLanguageKey, code);
}

DesktopWishes Preferences::desktop() const
{
    DesktopWishes wishes;
    for (const auto& [key, wish] : kWishes)
        wishes.*wish = m_memory.value(QLatin1String(key), true).toBool();
    return wishes;
}

void Preferences::setDesktop(const DesktopWishes& wishes)
{
    for (const auto& [key, wish] : kWishes)
        m_memory.setValue(QLatin1String(key), wishes.*wish);
    emit changed();
}

void Preferences::keep(const QString& key, const QVariant& value)
{
    m_memory.setValue(key, value);
    emit changed();
}

QString rememberedLanguage(const QString& memoryFile)
{
    return QSettings(memoryFile, QSettings::IniFormat).value(kLanguageKey).toString();
}

} // namespace aap
