#pragma once

#include <functional>
#include <utility>

#include <QCoreApplication>
#include <QPointer>

namespace aap {

/// A function that any thread may call and that does `work` on the GUI thread, later; nothing is done when `receiver` has gone by
/// then. The arguments are copied across.
template <typename... Arguments, typename Work>
std::function<void(const Arguments&...)> toGui(QObject* receiver, Work work)
{
    return [guard = QPointer<QObject>(receiver), work = std::move(work)](const Arguments&... arguments) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [guard, work, arguments...] {
                if (guard)
                    work(arguments...);
            },
            Qt::QueuedConnection);
    };
}

} // namespace aap
