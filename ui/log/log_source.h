#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <QObject>
#include <QTimer>

#include "core/base/growing_file.h"
#include "core/domain/stage.h"
#include "ui/log/line_index.h"

namespace aap {

/// One tool call in a sandbox log.
struct LogSection {
    std::uint64_t firstLine = 0; ///< the one that names it
    std::optional<std::uint64_t> lastLine{}; ///< the one that says how it ended
    std::string clock{};
    std::optional<StageId> stage{};
    std::string callId{};
    std::string words{};
    std::string outcome{}; ///< exit code, "-" for none, "!" for a failure without one; empty while it goes on
    std::string seconds{};
};

/// A file as lines: its index is made and kept up by a thread of its own; the lines are read when somebody looks at them.
class LogSource : public QObject {
    Q_OBJECT

public:
    explicit LogSource(QObject* parent = nullptr);
    ~LogSource() override;

    /// Also before the file exists: it is looked for until it does. With `sections` tool calls are found in it.
    void open(const QString& folder, const QString& relative, bool sections);
    void close();

    std::uint64_t lines() const;
    std::uint64_t lineBytes(std::uint64_t line) const;
    /// At most `most` bytes of a line below lines(); empty when the file was cut meanwhile.
    std::string line(std::uint64_t line, std::size_t most) const;
    std::vector<LogSection> sections() const;
    bool hasSections() const { return m_sections; }
    /// What a finder needs; it may outlive this. Null before the file is there.
    struct Opened {
        explicit Opened(GrowingFile opened) : file(std::move(opened)) {}
        const GrowingFile file;
        LineIndex index;
        std::atomic<std::uint64_t> settled = 0; ///< bytes whose lines and calls are both known
        mutable std::mutex mutex;
        std::vector<LogSection> sections; // guarded by mutex
    };
    std::shared_ptr<const Opened> opened() const { return m_opened; }

signals:
    /// GUI thread: there are more lines, or the last one has grown.
    void grew();
    /// GUI thread: it is another file now, or the same one begun anew.
    void restarted();

private:
    void look();
    void start();
    void stop();
    void keepUp(Opened& opened, bool sections, const std::stop_token& stop); ///< the worker

    QString m_folder;
    QString m_relative;
    bool m_sections = false;
    std::shared_ptr<Opened> m_opened;
    std::uint64_t m_seenBytes = 0;
    QTimer m_timer;
    // What the worker shares with us, declared so that it outlives the worker.
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    bool m_asked = false; // guarded by m_mutex
    std::jthread m_worker;
};

} // namespace aap
