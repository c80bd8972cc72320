#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include <QObject>

#include "ui/log/line_matcher.h"
#include "ui/log/log_source.h"

namespace aap {

/// Looks through a log on a thread of its own, a mebibyte at a time; hits arrive while it runs.
class LogFind : public QObject {
    Q_OBJECT

public:
    explicit LogFind(QObject* parent = nullptr);
    ~LogFind() override;

    /// Begins anew; an empty or invalid query only forgets the hits.
    void start(std::shared_ptr<const LogSource::Opened> opened, const LogQuery& query);
    /// What was added since is looked through too; nothing while a search runs.
    void goOn();

    /// Lines with a hit, in order; at most kMost.
    const std::vector<std::uint64_t>& lines() const { return m_lines; }
    bool isRunning() const { return m_running; }
    static constexpr std::size_t kMost = 1'000'000;

signals:
    /// GUI thread: more hits, or the end.
    void progressed();

private:
    struct Piece {
        std::vector<std::uint64_t> lines{};
        std::uint64_t nextLine = 0;
        bool last = false;
    };
    void run();
    /// On the worker.
    static void lookThrough(const LogSource::Opened& opened, std::uint64_t line, LineMatcher matcher, const std::stop_token& stop, const std::function<void(Piece)>& tell);
    void take(int search, const Piece& piece);

    std::shared_ptr<const LogSource::Opened> m_opened;
    LogQuery m_query;
    std::vector<std::uint64_t> m_lines;
    std::uint64_t m_nextLine = 0; ///< the first that was not looked at
    std::uint64_t m_bytes = 0;    ///< how many there were when the search began
    int m_search = 0;             ///< which one; late words of an earlier one do not count
    bool m_running = false;
    std::jthread m_worker;
};

} // namespace aap
