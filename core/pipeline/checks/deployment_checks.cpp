#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/base/redact.h"
#include "core/pipeline/checks/changeover.h"
#include "core/pipeline/checks/check_list.h"
#include "core/pipeline/checks/deployed_service.h"
#include "core/pipeline/checks/dependency_rules.h"
#include "core/pipeline/checks/deployment_files.h"
#include "core/pipeline/checks/image_report.h"
#include "core/pipeline/checks/package_checks.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/scan_report.h"
#include "core/pipeline/checks/verifier.h"

namespace aap {
namespace {

using Level = CheckList::Level;

constexpr Milliseconds kGrace = std::chrono::seconds(10);
constexpr Milliseconds kOneShot = std::chrono::seconds(60);

/// What is the project's own fault is a failed check; what hinders us from looking is an Error.
Result<Verdict> verdictOf(Error error)
{
    switch (error.code) {
    case ErrorCode::Stopped:
    case ErrorCode::Unavailable:
    case ErrorCode::Unauthorized:
    case ErrorCode::Io:
    case ErrorCode::Bug:
        return error;
    default:
        return Verdict::failed(shortened(cleanText(error.text()), 1800) + (error.remedy.empty() ? "" : " " + error.remedy));
    }
}

Verdict verdictOf(const std::string& complaint)
{
    return complaint.empty() ? Verdict::passed() : Verdict::failed(complaint);
}

/// Files of a state path that come and go with the process.
bool isPassing(std::string_view path)
{
    for (const auto* end : {"-wal", "-shm", "-journal", ".pid", ".lock", ".tmp", ".sock"})
        if (path.ends_with(end))
            return true;
    return false;
}

class DeploymentChecks {
public:
    DeploymentChecks(CheckContext& context, std::optional<DeploymentHandle>& deployed)
        : m_context(context), m_changeover(context, deployed), m_list(context), m_design(deployDesignOf(context.design)), m_smoke(smokeChecksOf(context.document))
    {
    }

    Result<std::vector<Check>> run()
    {
        auto done = checkAll();
        auto checks = m_list.checks();
        const bool passed = done && allMustPassed(checks);
        auto settled = !passed ? m_changeover.giveUp(firstFailed()) : m_isHealthy ? m_changeover.complete(m_handle) : Result<void>();
        if (!done)
            return std::move(done).error();
        if (!settled)
            return std::move(settled).error();
        return checks;
    }

private:
    Result<void> checkAll()
    {
        if (m_design.form == "none")
            return m_list.note("deployment.form", Level::Should, Verdict::skipped("The design deploys nothing."));
        if (auto files = checkFiles(); !files || !m_filesFit)
            return files;
        if (m_dockerfile.empty())
            return checkWithoutImage();
        if (auto built = m_list.run("deployment.build", Level::Must, [this] { return build(); }); !built || !m_list.passed("deployment.build"))
            return built;
        return deploy();
    }

    // ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────
    Result<void> checkFiles()
    {
        auto files = readDeploymentFiles(m_context, m_design);
        if (!files)
            return std::move(files).error();
        m_compose = std::move(files->compose);
        m_dockerfile = files->dockerfile;
        completeDesign(*files);
        m_filesFit = true;
        for (auto& [id, verdict] : files->verdicts) {
            m_filesFit = m_filesFit && verdict.status != CheckStatus::Failed;
            if (auto noted = m_list.note(id, Level::Must, std::move(verdict)); !noted)
                return noted;
        }
        return m_list.note("deployment.smoke_requirements", Level::Must, smokeRequirements());
    }

    /// A run without an architecture stage says nothing of ports; then the image does.
    void completeDesign(const DeploymentFiles& files)
    {
        if (!m_design.port && !files.exposed.empty() && m_design.form != "job" && m_design.form != "package")
            m_design.port = files.exposed.front();
        for (const auto& smoke : m_smoke)
            if (m_design.healthPath.empty() && smoke.http && smoke.http->method == "GET" && smoke.status >= 200 && smoke.status < 300)
                m_design.healthPath = smoke.http->path;
        if (m_design.healthPath.empty())
            m_design.healthPath = "/";
    }

    Verdict smokeRequirements() const
    {
        const auto known = allIds(m_context.requirements);
        std::vector<std::string> problems;
        std::set<std::string> ids;
        for (const auto& smoke : m_smoke) {
            if (!known.empty() && !known.contains(smoke.requirement))
                problems.push_back(fmt::format("{} names {}, which is no requirement", smoke.id, smoke.requirement));
            if (!ids.insert(smoke.id).second)
                problems.push_back(fmt::format("{} is there twice", smoke.id));
            if (!smoke.http && smoke.argv.empty())
                problems.push_back(fmt::format("{} has neither http nor exec", smoke.id));
        }
        return Verdict::of(problems, "Every smoke check needs an id of its own, one requirement and a request:");
    }

    // ── image ───────────────────────────────────────────────────────────────────────────────────────────────────────
    BuildRequest buildRequest() const
    {
        const auto* main = m_compose.main(m_design.port);
        BuildRequest request{.runId = m_context.runId, .context = m_context.workspacePath / "repo", .dockerfile = m_dockerfile,
                             .tag = fmt::format("aap-{}-{}:{}", m_context.runId, main == nullptr ? "service" : main->name,
                                                m_changeover.generation() == 1 ? "latest" : std::to_string(m_changeover.generation()))};
        if (main != nullptr)
            request.buildArgs = main->buildArgs;
        return request;
    }

    Result<Verdict> build()
    {
        m_changeover.touch();
        std::string log;
        auto built = m_context.images.build(buildRequest(), [&log](std::string_view bytes) { log += bytes; }, m_context.stop);
        if (!built) {
            auto verdict = verdictOf(std::move(built).error().during("build the image"));
            if (verdict) {
                verdict->output = cleanText(log);
                verdict->reason += "\n" + tailOf(verdict->output, 1200);
            }
            return verdict;
        }
        m_image = *std::move(built);
        if (auto saved = m_context.saveReport("deploy/image.json", imageJson(m_image)); !saved)
            return std::move(saved).error();
        if (auto told = tell("built"); !told)
            return std::move(told).error();
        auto verdict = imageVerdict();
        verdict.output = cleanText(log.empty() ? m_image.log : log);
        return verdict;
    }

    /// The engine's word about the result, whatever the Dockerfile seemed to say.
    Verdict imageVerdict() const
    {
        const auto uid = m_image.user.substr(0, m_image.user.find(':'));
        if (uid.empty() || uid == "root" || uid.find_first_not_of('0') == std::string::npos)
            return Verdict::failed("The built image runs as root; end the Dockerfile with a numeric USER that is not root.");
        const auto wanted = m_design.port ? fmt::format("{}/tcp", *m_design.port) : std::string();
        if (m_design.port && std::find(m_image.exposedPorts.begin(), m_image.exposedPorts.end(), wanted) == m_image.exposedPorts.end())
            return Verdict::failed(fmt::format("The built image does not expose {}.", wanted));
        return Verdict::passed();
    }

    Result<Verdict> buildAgain()
    {
        auto again = m_context.images.build(buildRequest(), {}, m_context.stop);
        if (!again)
            return verdictOf(std::move(again).error().during("build the image again"));
        if (again->id == m_image.id)
            return Verdict::passed();
        return Verdict::failed(fmt::format("Built again from the same files the image is another one: {} and {}.", m_image.id, again->id));
    }

    Result<Verdict> billOfMaterials(DeployedService& service)
    {
        auto listed = service.runOnce("packages", {"/bin/sh", "-c", packageListScript()}, kOneShot);
        if (!listed && listed.error().code == ErrorCode::Stopped)
            return std::move(listed).error();
        const auto list = listed ? listed->output : std::string();
        if (auto saved = m_context.saveReport("deploy/sbom.spdx.json", sbomJson(m_image, list, m_context.runId)); !saved)
            return std::move(saved).error();
        const auto packages = imagePackageHits(list);
        if (auto saved = saveScan(m_context, "image-packages", "AI Agent Pipeline (packages of the image)", packages); !saved)
            return std::move(saved).error();
        if (const auto bad = unexplained(packages, Json(), m_context.pipeline.securityThreshold); !bad.empty())
            return Verdict::of(bad, "The image holds packages that no service needs:");
        if (packagesIn(list) == 0)
            return Verdict::notChecked("The image has nothing that could list its packages; the bill of materials names the image alone.");
        return Verdict::passed();
    }

    // ── running ─────────────────────────────────────────────────────────────────────────────────────────────────────
    Result<void> deploy()
    {
        DeployedService service(m_context, m_design, m_compose, m_image.tag, m_changeover.generation());
        if (auto again = m_list.run("deployment.rebuild", Level::Should, [&] { return buildAgain(); }); !again)
            return again;
        if (auto started = m_list.run("deployment.start", Level::Must, [&] { return start(service); }); !started || !m_list.passed("deployment.start"))
            return started;
        if (auto listed = m_list.run("deployment.sbom", Level::Should, [&] { return billOfMaterials(service); }); !listed)
            return listed;
        return m_design.port ? checkService(service) : checkProgram(service);
    }

    Result<Verdict> start(DeployedService& service)
    {
        if (auto aside = m_changeover.setAside(); !aside)
            return std::move(aside).error();
        if (auto started = service.start(); !started)
            return verdictOf(std::move(started).error());
        m_handle = service.handle();
        if (auto told = tell("started"); !told)
            return std::move(told).error();
        return Verdict::passed();
    }

    Result<void> checkService(DeployedService& service)
    {
        auto probe = service.openProbe();
        if (!probe)
            return std::move(probe).error();
        using Step = std::pair<const char*, std::function<Result<Verdict>()>>;
        const std::vector<Step> steps{
            {"deployment.healthy", [&] { return healthy(service, *probe); }},
            {"deployment.smoke", [&] { return smoke(service, &*probe); }},
            {"deployment.logs", [&] { return logs(service); }},
            {"deployment.stop", [&] { return stopAndKeep(service); }},
            {"deployment.restart", [&] { return startAgain(service, *probe); }},
            {"deployment.state", [&] { return stateKept(service); }},
            {"deployment.broken", [&]() -> Result<Verdict> { return complaintVerdict(service.awaitBrokenUnhealthy(*probe)); }},
        };
        for (const auto& [id, work] : steps) {
            if (auto made = m_list.run(id, Level::Must, work); !made)
                return made;
            const std::string_view name = id;
            if (!m_list.passed(id) && (name == "deployment.healthy" || name == "deployment.stop" || name == "deployment.restart"))
                return {}; // what follows would only repeat it
        }
        m_isHealthy = allMustPassed(m_list.checks());
        return m_isHealthy ? tell("healthy") : Result<void>();
    }

    /// A job or a package: it runs to its end, and its programs answer.
    Result<void> checkProgram(DeployedService& service)
    {
        const auto job = [&]() -> Result<Verdict> {
            auto end = service.finishJob(m_context.pipeline.healthTimeout);
            if (!end)
                return verdictOf(std::move(end).error());
            if (end->exitCode == 0)
                return Verdict{.exitCode = 0, .output = cleanText(end->output)};
            return Verdict{.status = CheckStatus::Failed, .reason = fmt::format("It ended with exit code {}: {}", end->exitCode, tailOf(cleanText(end->output), 1000)),
                           .exitCode = end->exitCode, .output = cleanText(end->output)};
        };
        if (m_design.form == "job")
            if (auto ran = m_list.run("deployment.job", Level::Must, job); !ran)
                return ran;
        if (auto asked = m_list.run("deployment.smoke", Level::Must, [&] { return smoke(service, nullptr); }); !asked)
            return asked;
        return m_list.run("deployment.logs", Level::Must, [&] { return logs(service); });
    }

    static Result<Verdict> complaintVerdict(Result<std::string> complaint)
    {
        if (!complaint)
            return verdictOf(std::move(complaint).error());
        return verdictOf(*complaint);
    }

    Result<Verdict> healthy(const DeployedService& service, const HttpProbe& probe)
    {
        auto verdict = complaintVerdict(service.awaitHealthy(probe, m_context.pipeline.healthTimeout));
        if (!verdict || verdict->status == CheckStatus::Passed)
            return verdict;
        if (auto log = m_context.deployer.logs(service.container(), 200, m_context.stop)) {
            verdict->output = cleanText(*log);
            verdict->reason += " The end of its log:\n" + tailOf(verdict->output, 1200);
        }
        return verdict;
    }

    // ── smoke ───────────────────────────────────────────────────────────────────────────────────────────────────────
    Result<Verdict> smoke(DeployedService& service, const HttpProbe* probe)
    {
        std::vector<std::string> problems;
        std::string log;
        for (const auto& check : m_smoke) {
            auto complaint = check.http ? httpSmoke(service, probe, check) : execSmoke(service, check);
            if (!complaint)
                return std::move(complaint).error();
            log += fmt::format("{} ({}): {}\n", check.id, check.requirement, complaint->empty() ? "passed" : *complaint);
            if (!complaint->empty())
                problems.push_back(fmt::format("{} ({}): {}", check.id, check.requirement, *complaint));
        }
        auto verdict = Verdict::of(problems, "Smoke checks failed:");
        verdict.output = std::move(log);
        return verdict;
    }

    Result<std::string> httpSmoke(const DeployedService& service, const HttpProbe* probe, const SmokeCheck& check)
    {
        if (probe == nullptr)
            return std::string("there is no service to ask; use exec");
        auto answer = probe->ask(service.spec().name, *m_design.port, *check.http, std::chrono::seconds(10));
        if (!answer)
            return std::move(answer).error();
        if (answer->status == 0)
            return answer->error;
        if (answer->status != check.status)
            return fmt::format("status {} instead of {}: {}", answer->status, check.status, shortened(cleanText(answer->body), 200));
        return matchComplaint(check.matches, answer->body);
    }

    Result<std::string> execSmoke(DeployedService& service, const SmokeCheck& check)
    {
        if (check.argv.empty())
            return std::string("it has no command");
        auto once = service.runOnce("exec", check.argv, kOneShot);
        if (!once) {
            auto verdict = verdictOf(std::move(once).error());
            if (!verdict)
                return std::move(verdict).error();
            return verdict->reason;
        }
        if (once->exitCode != check.exitCode)
            return fmt::format("exit code {} instead of {}: {}", once->exitCode, check.exitCode, shortened(cleanText(once->output), 200));
        return matchComplaint(check.matches, once->output);
    }

    // ── stop, start, state ──────────────────────────────────────────────────────────────────────────────────────────
    Result<Verdict> logs(const DeployedService& service)
    {
        auto log = m_context.deployer.logs(service.container(), 2000, m_context.stop);
        if (!log)
            return verdictOf(std::move(log).error());
        std::vector<std::string> problems;
        for (const auto& hit : findSecrets(*log))
            problems.push_back(fmt::format("line {} ({})", hit.line, hit.kind));
        for (const auto& secret : m_context.secrets)
            if (secret.size() >= 8 && log->find(secret) != std::string::npos)
                problems.emplace_back("a secret of this run");
        return Verdict::of(problems, "The service's log holds what looks like secrets:");
    }

    /// "marked" and one file a line.
    Result<OneShot> stateFiles(DeployedService& service, const std::string& before)
    {
        const std::string script = "set -e; for d in \"$@\"; do " + before + "; done; find \"$@\" -xdev -type f";
        std::vector<std::string> argv{"/bin/sh", "-c", script, "sh"};
        argv.insert(argv.end(), m_design.statePaths.begin(), m_design.statePaths.end());
        return service.runOnce("state", argv, kOneShot);
    }

    Result<Verdict> stopAndKeep(DeployedService& service)
    {
        if (!m_design.statePaths.empty()) {
            auto files = stateFiles(service, "echo kept > \"$d/.aap-kept\"");
            if (!files && files.error().code == ErrorCode::Stopped)
                return std::move(files).error();
            m_before = files ? std::optional(*std::move(files)) : std::nullopt;
        }
        auto ended = m_context.deployer.stop(service.container(), kGrace, m_context.stop);
        if (!ended)
            return verdictOf(std::move(ended).error());
        const auto& [state, took] = *ended;
        if (took > kGrace || (state.exitCode != 0 && state.exitCode != 143))
            return Verdict::failed(fmt::format("After SIGTERM it ended with exit code {} after {:.1f} s; it must end within 10 s with 0 or 143. "
                                               "Start the program in list form, so that the signal reaches it.",
                                               state.exitCode, static_cast<double>(took.count()) / 1000));
        return Verdict::passed();
    }

    Result<Verdict> startAgain(const DeployedService& service, const HttpProbe& probe)
    {
        if (auto started = m_context.deployer.startAgain(service.container(), m_context.stop); !started)
            return verdictOf(std::move(started).error());
        return healthy(service, probe);
    }

    Result<Verdict> stateKept(DeployedService& service)
    {
        if (m_design.statePaths.empty())
            return Verdict::skipped("The design keeps no state.");
        if (!m_before)
            return Verdict::notChecked("The image has no shell that could look at its state.");
        if (m_before->exitCode != 0)
            return Verdict::failed("The image's user cannot write to the state paths: " + tailOf(cleanText(m_before->output), 500));
        auto after = stateFiles(service, "[ \"$(cat \"$d/.aap-kept\")\" = kept ]");
        if (!after)
            return verdictOf(std::move(after).error());
        auto removed = stateFiles(service, "rm -f \"$d/.aap-kept\"");
        if (!removed)
            return verdictOf(std::move(removed).error());
        if (after->exitCode != 0)
            return Verdict::failed("What was written to the state paths is gone after the restart.");
        const auto lost = filesLost(m_before->output, after->output);
        return Verdict::of(lost, "Files of the state are gone after the restart:");
    }

    static std::vector<std::string> filesLost(const std::string& before, const std::string& after)
    {
        const auto lines = [](std::string_view text) {
            std::set<std::string> result;
            for (; !text.empty(); text.remove_prefix(std::min(text.size(), text.find('\n') == text.npos ? text.size() : text.find('\n') + 1)))
                result.emplace(text.substr(0, text.find('\n')));
            return result;
        };
        const auto now = lines(after);
        std::vector<std::string> lost;
        for (const auto& path : lines(before))
            if (!isPassing(path) && !now.contains(path))
                lost.push_back(path);
        return lost;
    }

    // ── without an image ────────────────────────────────────────────────────────────────────────────────────────────
    Result<void> checkWithoutImage()
    {
        if (m_design.form != "package")
            return m_list.note("deployment.build", Level::Must, Verdict::failed("There is no Dockerfile; write one and name it in the document with target \"dockerfile\"."));
        return checkPackage(m_context, m_list, m_smoke);
    }

    // ── events ──────────────────────────────────────────────────────────────────────────────────────────────────────
    Result<void> tell(const std::string& state)
    {
        auto now = m_handle;
        now.image = m_image.tag;
        now.port = m_design.port.value_or(0);
        now.healthPath = m_design.healthPath;
        now.metricsPath = m_design.metricsPath;
        return m_changeover.tell(state, now, m_image.id);
    }

    /// What did not pass, first of all, for whoever reads that the one before stands again.
    std::string firstFailed() const
    {
        for (const auto& check : m_list.checks())
            if (check.must && check.status == CheckStatus::Failed)
                return check.id;
        return {};
    }

    CheckContext& m_context;
    Changeover m_changeover;
    CheckList m_list;
    DeployDesign m_design;
    std::vector<SmokeCheck> m_smoke;
    ComposeReading m_compose{};
    std::string m_dockerfile{};
    bool m_filesFit = false;
    BuiltImage m_image{};
    DeploymentHandle m_handle{};
    bool m_isHealthy = false; ///< a service that stays
    std::optional<OneShot> m_before{};
};

} // namespace

Result<std::vector<Check>> checkDeployment(CheckContext& context, std::optional<DeploymentHandle>& deployed)
{
    return DeploymentChecks(context, deployed).run();
}

} // namespace aap
