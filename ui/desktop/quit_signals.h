#pragma once

#include <array>

#include <QObject>

namespace aap {

/// SIGTERM, SIGINT and SIGHUP as a signal of Qt's. A second one, a moment later, ends the program at once with exit code 130, and so does time,
/// with code 0: ten seconds after the first, whatever hangs. Who started us may have some of them ignored; they stay so.
/// One object in a program.
class QuitSignals : public QObject {
    Q_OBJECT

public:
    explicit QuitSignals(QObject* parent = nullptr);

    /// The same as the first signal does: from here on there are ten seconds.
    void ask();

signals:
    void asked();

private:
    void read();

    std::array<int, 2> m_pipe{-1, -1}; ///< stays open for ever: a late signal may still write to it
    bool m_asked = false;
};

} // namespace aap
