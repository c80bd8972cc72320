#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <QObject>
#include <QStringList>

#include "core/base/result.h"

class QLocalServer;
class QLocalSocket;
class QLockFile;

namespace aap {

/// One window for each user: the first program holds a lock and listens; who comes later hands its arguments over and leaves.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    enum class Role { First, HandedOver };

    /// `folder`: private and for this session, AppFolders::runtime. It must exist.
    explicit SingleInstance(const std::filesystem::path& folder, QObject* parent = nullptr);
    ~SingleInstance() override;

    /// To be called once, before there is a window: it waits, three seconds at most, for a first one that is busy. Unavailable: a
    /// first one holds the lock and does not answer. Io: the folder cannot be used.
    Result<Role> begin(const QStringList& arguments);

    /// What is to be opened, as URLs: files by their absolute path in `workingFolder`, other URLs as they are.
    static QStringList urlsOf(const QStringList& arguments, const QString& workingFolder);

signals:
    /// Another start asked us to come to the front and to open these URLs, perhaps none.
    void asked(const QStringList& urls);

private:
    Result<Role> listen();
    Result<Role> handOver(const QStringList& arguments);
    void receive();
    void read(QLocalSocket& caller);

    std::filesystem::path m_folder;
    std::unique_ptr<QLockFile> m_lock;
    QLocalServer* m_server;
};

} // namespace aap
