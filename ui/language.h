#pragma once

#include <QLocale>

class QCoreApplication;

namespace aap {

/// Has the program speak `locale`'s language as far as there are translations, Qt's own dialogs too, and write numbers and dates its
/// way. Before the first window; English when the language is not known.
void speak(QCoreApplication& program, const QLocale& locale);

/// The locale that was wished for, as "de" or "en_GB"; the system's when it is empty or none.
QLocale localeFor(const QString& wish);

} // namespace aap
