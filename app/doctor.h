#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "core/base/json.h"
#include "core/base/paths.h"
#include "core/base/redact.h"
#include "core/config/app_config.h"
#include "core/config/doctor.h"

namespace aap {

class Composition;
class DockerClient;
class Prices;
class SecretStore;

/// What the doctor looks at; all of it outlives the examination.
struct DoctorParts {
    const AppConfig& config;
    const AppFolders& folders;
    const Prices& prices;
    Redactor redactor{};
    DockerClient* engine = nullptr; ///< null: `engineProblem` says why
    std::optional<Error> engineProblem{};
    SecretStore* keychain = nullptr; ///< null: it was not to be asked
    Milliseconds patience = std::chrono::seconds(9); ///< for all checks together
};

/// Looks at everything a run needs, all at once, and reports it in an order that is always the same. Blocks until all checks are done,
/// `patience` has passed or `stop` is requested; what has not answered by then says so. For worker threads.
std::vector<Finding> examine(const DoctorParts& parts, const std::stop_token& stop);
std::vector<Finding> examine(const Composition& composition, const std::stop_token& stop);

/// {"findings": [{id, title, status, detail, remedy, fix_command, ms}], "settings": {key: {value, origin}}}; status is ok, warn or
/// fail. Of secrets no more than the last four characters.
Json doctorJson(const std::vector<Finding>& findings, const AppConfig& config);

} // namespace aap
