#include "core/observe/logging.h"

#include <algorithm>

#include <fmt/format.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <QString>
#include <QtGlobal>

#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/base/time.h"
#include "core/observe/log_file.h"

namespace aap {
namespace {

constexpr auto kRoot = "app"; // its sinks are everybody's
QtMessageHandler formerHandler = nullptr; // written by startLogging alone, before other threads start
constexpr std::size_t kLongestMessage = 16U << 10U;
constexpr std::size_t kLookAhead = 4U << 10U; // so that a secret across the cut is still recognised

std::string asText(const spdlog::string_view_t& view)
{
    return {view.data(), view.size()};
}

std::string levelName(spdlog::level::level_enum level)
{
    return asText(spdlog::level::to_string_view(level));
}

std::string cleaned(const Redactor& redact, const spdlog::string_view_t& payload)
{
    const std::string_view text(payload.data(), payload.size());
    auto clean = redact(text.substr(0, kLongestMessage + kLookAhead));
    if (clean.size() > kLongestMessage) {
        clean.resize(kLongestMessage);
        clean += "…";
    }
    return clean;
}

/// One JSON object a line.
class JsonLines final : public spdlog::formatter {
public:
    explicit JsonLines(Redactor redact) : m_redact(std::move(redact)) {}
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override
    {
        const Json json{{"at", toIso8601(std::chrono::time_point_cast<Milliseconds>(message.time))},
                        {"level", levelName(message.level)},
                        {"area", asText(message.logger_name)},
                        {"message", cleaned(m_redact, message.payload)}};
        const auto text = json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        line.append(text.data(), text.data() + text.size());
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonLines>(m_redact); }

private:
    Redactor m_redact;
};

/// "12:03:10.123 warn docker: …", without control characters that a terminal would obey.
class PlainLines final : public spdlog::formatter {
public:
    explicit PlainLines(Redactor redact) : m_redact(std::move(redact)) {}
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& line) override
    {
        auto text = cleaned(m_redact, message.payload);
        std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
        const auto at = toIso8601(std::chrono::time_point_cast<Milliseconds>(message.time)).substr(11, 12);
        fmt::format_to(std::back_inserter(line), "{} {} {}: {}\n", at, levelName(message.level), asText(message.logger_name), text);
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<PlainLines>(m_redact); }

private:
    Redactor m_redact;
};

spdlog::level::level_enum levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return spdlog::level::debug;
    case QtInfoMsg:
        return spdlog::level::info;
    case QtWarningMsg:
        return spdlog::level::warn;
    case QtCriticalMsg:
        return spdlog::level::err;
    case QtFatalMsg:
        return spdlog::level::critical;
    }
    return spdlog::level::warn;
}

void takeQtMessage(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    log("qt")->log(levelOf(type), "{}{}{}", context.category == nullptr ? "" : context.category, context.category == nullptr ? "" : ": ", message.toStdString());
}

Result<void> makeFolderOf(const std::filesystem::path& file)
{
    const auto folder = file.parent_path();
    std::error_code ignored;
    if (folder.empty() || std::filesystem::is_directory(folder, ignored))
        return {}; // an existing one keeps its permissions: it may be /var/log
    return makePrivateFolder(folder);
}

} // namespace

Result<void> startLogging(const LogSettings& settings, Redactor redact)
{
    if (auto made = makeFolderOf(settings.file); !made)
        return made;
    auto file = LogFile::open(settings.file);
    if (!file)
        return std::move(file).error();
    stopLogging();
    std::vector<spdlog::sink_ptr> sinks{*std::move(file)};
    sinks.front()->set_formatter(std::make_unique<JsonLines>(redact));
    if (settings.onStandardError) {
        sinks.push_back(std::make_shared<spdlog::sinks::stderr_sink_mt>());
        sinks.back()->set_formatter(std::make_unique<PlainLines>(redact));
    }
    const auto root = std::make_shared<spdlog::logger>(kRoot, sinks.begin(), sinks.end());
    root->set_level(spdlog::level::from_str(settings.level));
    spdlog::set_default_logger(root); // a stray spdlog::info() ends here too, and not on standard output
    formerHandler = qInstallMessageHandler(takeQtMessage);
    return {};
}

void stopLogging()
{
    if (spdlog::get(kRoot) == nullptr)
        return;
    qInstallMessageHandler(formerHandler);
    spdlog::drop_all();
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::null_sink_mt>()));
}

std::shared_ptr<spdlog::logger> log(const std::string& area)
{
    if (auto known = spdlog::get(area))
        return known;
    const auto root = spdlog::get(kRoot);
    if (root == nullptr)
        return std::make_shared<spdlog::logger>(area, std::make_shared<spdlog::sinks::null_sink_mt>());
    const auto made = root->clone(area);
    try {
        spdlog::register_logger(made);
    } catch (const spdlog::spdlog_ex&) { // another thread was faster; ours writes to the same sinks
    }
    return made;
}

} // namespace aap
