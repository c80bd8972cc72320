#pragma once

#include <map>

#include <QObject>
#include <QString>

namespace aap {

class BusLine;

/// Something to tell somebody who looks elsewhere. Texts may come from a model or a file: they are shown as plain text.
struct Notice {
    QString run{}; ///< its id; a later notice about the same run takes the place of the earlier
    QString title{};
    QString body{};
    bool urgent = false; ///< waits for the user
};

/// Messages of the desktop's notification server, with a way back to the window.
class DesktopNotices : public QObject {
    Q_OBJECT

public:
    explicit DesktopNotices(BusLine& session, QObject* parent = nullptr);

    void show(const Notice& notice);

signals:
    /// The user wants to see what it was about.
    void openAsked(const QString& run);
    /// There is no server, or it refused.
    void notShown();

private slots:
    void actionInvoked(uint id, const QString& action);
    void activationToken(uint id, const QString& token);
    void notificationClosed(uint id, uint reason);

private:
    void listen();
    void send(const Notice& notice, bool serverReadsMarkup);

    BusLine& m_session;
    std::map<QString, uint> m_idOfRun;
};

} // namespace aap
