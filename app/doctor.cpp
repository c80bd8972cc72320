#include "app/doctor.h"

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "app/composition.h"
#include "app/doctor_checks.h"
#include "core/config/settings.h"

namespace aap {
namespace {

using Status = Finding::Status;

struct Check {
    const char* id;
    const char* title;
    Look look;
    Status whenInTheWay; ///< what an Error means
};

constexpr std::array kChecks{
    Check{"key", "API key", checkKey, Status::Warn}, // the provider may be back when a run starts; a refusal is no Error
    Check{"model", "Model", checkModels, Status::Warn},
    Check{"docker", "Docker engine", checkEngine, Status::Fail},
    Check{"local_rooms", "Local rooms", checkLocalRooms, Status::Fail},
    Check{"network", "Network", checkNetwork, Status::Warn},
    Check{"image", "Sandbox image", checkImage, Status::Fail},
    Check{"disk", "Free disk", checkDisk, Status::Warn},
    Check{"memory", "Free memory", checkMemory, Status::Warn},
    Check{"keychain", "Keychain", checkKeychain, Status::Warn},
    Check{"workspace", "Workspace", checkWorkspace, Status::Fail},
    Check{"journal", "Journal", checkJournal, Status::Fail},
};

Finding carryOut(const Check& check, const DoctorParts& parts, const std::stop_token& late)
{
    const Stopwatch watch;
    auto verdict = guarded([&] { return check.look(parts, late); });
    Finding finding{.id = check.id, .title = check.title, .status = check.whenInTheWay};
    if (verdict) {
        finding.status = verdict->status;
        finding.detail = parts.redactor(verdict->detail);
        finding.remedy = parts.redactor(verdict->remedy);
        finding.fixCommand = verdict->fixCommand;
    } else if (verdict.error().code == ErrorCode::Stopped) {
        finding.detail = "There was no answer in time.";
        finding.remedy = "Check again, when the machine or the network is less busy.";
    } else {
        finding.detail = parts.redactor(verdict.error().text());
        finding.remedy = parts.redactor(verdict.error().remedy);
    }
    finding.duration = watch.elapsed();
    return finding;
}

std::string_view wordOf(Status status)
{
    switch (status) {
    case Status::Ok: return "ok";
    case Status::Warn: return "warn";
    case Status::Fail: return "fail";
    }
    return {};
}

Json jsonOf(const Finding& finding)
{
    return {{"id", finding.id},         {"title", finding.title},            {"status", wordOf(finding.status)}, {"detail", finding.detail},
            {"remedy", finding.remedy}, {"fix_command", finding.fixCommand}, {"ms", finding.duration.count()}};
}

Json shownValue(const Setting& setting, const AppConfig& config, const Redactor& redact)
{
    auto value = setting.value(config);
    if (!value.is_string())
        return value;
    const auto& text = value.get_ref<const std::string&>();
    if (setting.rule.secret)
        return text.empty() ? Json() : Json(ApiKey(text).masked());
    return redact(text);
}

} // namespace

std::vector<Finding> examine(const DoctorParts& parts, const std::stop_token& stop)
{
    std::vector<Finding> findings(kChecks.size());
    std::stop_source late;
    const std::stop_callback passOn(stop, [&late] { late.request_stop(); });
    std::mutex mutex; // guards `open`
    auto open = kChecks.size();
    std::condition_variable_any oneIsDone;
    std::vector<std::jthread> looking; // last: joined before what they use is gone
    for (std::size_t i = 0; i < kChecks.size(); ++i)
        looking.emplace_back([&, i] {
            findings[i] = carryOut(kChecks[i], parts, late.get_token());
            const std::lock_guard lock(mutex);
            --open;
            oneIsDone.notify_all();
        });
    std::unique_lock lock(mutex);
    oneIsDone.wait_for(lock, late.get_token(), parts.patience, [&open] { return open == 0; });
    lock.unlock();
    late.request_stop();
    looking.clear();
    return findings;
}

std::vector<Finding> examine(const Composition& composition, const std::stop_token& stop)
{
    return examine(DoctorParts{.config = composition.config(), .folders = composition.folders(), .prices = composition.prices(),
                               .redactor = composition.redactor(), .engine = composition.engine(), .engineProblem = composition.engineProblem(),
                               .keychain = composition.keychain()},
                   stop);
}

Json doctorJson(const std::vector<Finding>& findings, const AppConfig& config)
{
    auto found = Json::array();
    for (const auto& finding : findings)
        found.push_back(jsonOf(finding));
    auto values = Json::object();
    const Redactor redact(secretsOf(config));
    for (const auto& setting : settings()) {
        const auto origin = config.origins.find(setting.key);
        values[setting.key] = {{"value", shownValue(setting, config, redact)},
                               {"origin", (origin == config.origins.end() ? Origin{} : origin->second).text()}};
    }
    return {{"findings", std::move(found)}, {"settings", std::move(values)}};
}

} // namespace aap
