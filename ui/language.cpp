#include "ui/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>

namespace aap {

void speak(QCoreApplication& program, const QLocale& locale)
{
    QLocale::setDefault(locale);
    for (const auto& [name, folder] : {std::pair(QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath)),
                                       std::pair(QStringLiteral("agent-pipeline"), QStringLiteral(":/i18n"))}) {
        auto* translator = new QTranslator(&program);
        // English where the language is not known: the texts in the code cannot count.
        if (translator->load(locale, name, QStringLiteral("_"), folder) || translator->load(QLocale(QLocale::English), name, QStringLiteral("_"), folder))
            QCoreApplication::installTranslator(translator);
    }
}

QLocale localeFor(const QString& wish)
{
    const QLocale wanted(wish);
    return wish.isEmpty() || wanted.language() == QLocale::C ? QLocale::system() : wanted;
}

} // namespace aap
