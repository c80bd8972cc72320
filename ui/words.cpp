#include "ui/words.h"

#include <string>

#include <QCoreApplication>

namespace aap {
namespace {

/// What lupdate finds for the translators; core itself knows no languages.
[[maybe_unused]] constexpr const char* kWordsOfCore[] = {
    QT_TRANSLATE_NOOP("Words", "Architecture"),
    QT_TRANSLATE_NOOP("Words", "Coding"),
    QT_TRANSLATE_NOOP("Words", "Testing"),
    QT_TRANSLATE_NOOP("Words", "Deployment"),
    QT_TRANSLATE_NOOP("Words", "Monitoring"),
    QT_TRANSLATE_NOOP("Words", "Architecture review"),
    QT_TRANSLATE_NOOP("Words", "Code review"),
    QT_TRANSLATE_NOOP("Words", "Quality review"),
    QT_TRANSLATE_NOOP("Words", "Not started"),
    QT_TRANSLATE_NOOP("Words", "Running"),
    QT_TRANSLATE_NOOP("Words", "Checking"),
    QT_TRANSLATE_NOOP("Words", "Repairing"),
    QT_TRANSLATE_NOOP("Words", "Waiting for you"),
    QT_TRANSLATE_NOOP("Words", "Passed"),
    QT_TRANSLATE_NOOP("Words", "Waived"),
    QT_TRANSLATE_NOOP("Words", "Failed"),
    QT_TRANSLATE_NOOP("Words", "Skipped"),
    QT_TRANSLATE_NOOP("Words", "Stopped"),
    QT_TRANSLATE_NOOP("Words", "Budget reached"),
    QT_TRANSLATE_NOOP("Words", "Refused"),
    QT_TRANSLATE_NOOP("Words", "Incomplete"),
    QT_TRANSLATE_NOOP("Words", "Completed"),
    QT_TRANSLATE_NOOP("Words", "Completed with waivers"),
    QT_TRANSLATE_NOOP("Words", "Environment problem"),
    QT_TRANSLATE_NOOP("Words", "Provider gave up"),
    QT_TRANSLATE_NOOP("Words", "Waiting at a gate"),
    QT_TRANSLATE_NOOP("Words", "Invalid input"),
    QT_TRANSLATE_NOOP("Words", "Full"),
    QT_TRANSLATE_NOOP("Words", "Stages"),
    QT_TRANSLATE_NOOP("Words", "Review"),
};

} // namespace

QString word(std::string_view english)
{
    return QCoreApplication::translate("Words", std::string(english).c_str());
}

} // namespace aap
