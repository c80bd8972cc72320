#pragma once

#include <cstdint>
#include <string_view>

#include <QString>
#include <QVector>

namespace aap {

/// How the characters of a run look, as SGR codes said.
struct LogStyle {
    static constexpr int kDefault = -1;
    static constexpr int kRgb = 1 << 24;
    int text = kDefault; ///< 0–15 of the terminal's colours, or kRgb | 0xrrggbb
    int ground = kDefault;
    bool bold = false;
    bool faint = false;
    bool italic = false;
    bool underlined = false;
    bool inverse = false;
    bool quiet = false; ///< said by the view, not by the log
    friend bool operator==(const LogStyle&, const LogStyle&) = default;
};

struct LogRun {
    int start = 0;
    int length = 0;
    LogStyle style{};
};

/// A line as it is shown.
struct LogLine {
    QString text{};
    QVector<LogRun> runs{}; ///< without gaps, in order
    bool oneCellEach = true; ///< every character as wide as another: no layout is needed
};

/// What may be shown of a line at once; more makes a screen of one line.
constexpr std::size_t kShownLineBytes = 4096;

constexpr std::size_t kTabColumns = 8;

/// Bytes of a terminal as text: colours (SGR) become runs, of what carriage returns overwrote the last state is left, tabs become
/// blanks, all other control codes go and direction marks become visible. `bytes`: of the line, its break may be among them;
/// `moreBytes`: how many of it are not in `bytes`.
LogLine parseLogLine(std::string_view bytes, std::uint64_t moreBytes = 0);

} // namespace aap
