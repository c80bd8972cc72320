#pragma once

#include <QDBusUnixFileDescriptor>
#include <QObject>

namespace aap {

class BusLine;

/// Keeps the computer from sleeping while work goes on, as long as the system's login service lets us. Nothing is shown when it
/// does not: the run is none the worse for being asked about.
class KeepAwake : public QObject {
    Q_OBJECT

public:
    explicit KeepAwake(BusLine& system, QObject* parent = nullptr);

    /// `why` is shown by the system to who wants to switch it off; it is taken when work begins.
    void setWorking(bool working, const QString& why);
    bool isHeld() const { return m_hold.isValid(); }

signals:
    void changed();

private:
    void ask();
    void drop();

    BusLine& m_system;
    bool m_working = false;
    bool m_asked = false; ///< and not answered yet
    QString m_why;
    QDBusUnixFileDescriptor m_hold; ///< the computer stays awake while this is open
};

} // namespace aap
