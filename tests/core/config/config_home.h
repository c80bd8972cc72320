#pragma once

#include <filesystem>
#include <string>

#include <QFile>
#include <QTemporaryDir>

#include "core/config/app_config.h"

namespace aap {

/// A user with two folders of their own and nothing in the environment.
class ConfigHome {
public:
    ConfigHome()
    {
        std::filesystem::create_directories(working());
        std::filesystem::create_directories(config());
        sources.workingFolder = working();
        sources.configFolder = config();
    }

    std::filesystem::path working() const { return path() / "project"; }
    std::filesystem::path config() const { return path() / "settings"; }
    std::filesystem::path file() const { return working() / "config.json"; }

    /// Without the user's umask having a say.
    static void write(const std::filesystem::path& path, const std::string& text, QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner)
    {
        QFile file(QString::fromStdString(path.string()));
        if (!file.open(QIODevice::WriteOnly) || file.write(text.data(), qint64(text.size())) != qint64(text.size()) || !file.setPermissions(permissions))
            qFatal("cannot write %s", path.c_str());
    }

    Result<AppConfig> load() const { return loadConfig(sources); }
    /// With this text as ./config.json.
    Result<AppConfig> load(const std::string& text) const
    {
        write(file(), text);
        return load();
    }

    ConfigSources sources{};

private:
    std::filesystem::path path() const { return m_folder.path().toStdString(); }

    QTemporaryDir m_folder;
};

} // namespace aap
