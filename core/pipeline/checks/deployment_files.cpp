#include "core/pipeline/checks/deployment_files.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/pipeline/checks/dockerfile_lint.h"
#include "core/pipeline/checks/kubernetes.h"
#include "core/pipeline/checks/project_files.h"
#include "core/pipeline/checks/strict_yaml.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostFile = 256U << 10U;

class FileChecks {
public:
    FileChecks(const CheckContext& context, const DeployDesign& design) : m_context(context), m_design(design) {}

    DeploymentFiles run()
    {
        existence();
        dockerfile();
        compose();
        kubernetes();
        otherYaml();
        return std::move(m_files);
    }

private:
    Result<std::string> read(const std::string& path) const { return m_context.workspace.read("repo/" + path, kMostFile); }
    void say(const char* id, Verdict verdict) { m_files.verdicts.emplace_back(id, std::move(verdict)); }

    void existence()
    {
        std::vector<std::string> missing;
        for (const auto& file : listOf(m_context.document, "files")) {
            const auto path = file.value("path", std::string());
            if (const auto entry = m_context.workspace.stat("repo/" + path); !entry || entry->kind != Folder::Kind::File)
                missing.push_back(path);
        }
        say("deployment.files", Verdict::of(missing, "Files of the document are not there:"));
    }

    void dockerfile()
    {
        auto named = filesWithTarget(m_context.document, "dockerfile");
        if (named.empty() && m_context.workspace.stat("repo/Dockerfile"))
            named.emplace_back("Dockerfile");
        if (named.empty())
            return;
        m_files.dockerfile = named.front();
        const auto text = read(named.front());
        if (!text)
            return say("deployment.dockerfile", Verdict::failed(named.front() + " cannot be read: " + text.error().text() + "."));
        const bool serves = m_design.form == "service" || m_design.form == "static";
        const auto findings = lintDockerfile(*text, {.baseImages = m_context.baseImages, .port = serves ? m_design.port : std::nullopt});
        m_files.exposed = exposedPorts(*text);
        say("deployment.dockerfile", findings.empty() ? Verdict::passed() : Verdict::failed(named.front() + ":\n" + findingsText(findings)));
    }

    void compose()
    {
        const auto named = filesWithTarget(m_context.document, "compose");
        if (named.empty())
            return say("deployment.compose", Verdict::skipped("The document names no compose file."));
        const auto text = read(named.front());
        if (!text)
            return say("deployment.compose", Verdict::failed(named.front() + " cannot be read: " + text.error().text() + "."));
        m_files.compose = readCompose(*text);
        auto findings = m_files.compose.findings;
        for (const auto& complaint : composeComplaints())
            findings.push_back({0, complaint});
        say("deployment.compose", findings.empty() ? Verdict::passed() : Verdict::failed(named.front() + ":\n" + findingsText(findings)));
    }

    std::vector<std::string> composeComplaints() const
    {
        std::vector<std::string> complaints;
        for (const auto& service : m_files.compose.services) {
            const bool inRoot = service.buildContext == "." || service.buildContext == "./";
            if (service.build && (!inRoot || (!m_files.dockerfile.empty() && service.dockerfile != m_files.dockerfile)))
                complaints.push_back(fmt::format("The service {} must be built from the project's folder (context \".\") with {}.", service.name,
                                                 m_files.dockerfile.empty() ? "Dockerfile" : m_files.dockerfile));
            const auto& allowed = m_context.baseImages;
            if (!service.build && std::find(allowed.begin(), allowed.end(), service.image) == allowed.end())
                complaints.push_back(fmt::format("The image {} of the service {} is not available; build it or use one of: {}.", service.image,
                                                 service.name, fmt::join(allowed, ", ")));
            if (!service.secrets.empty())
                complaints.push_back(fmt::format("The service {} needs secret files, and a local deployment has none; let it start without.", service.name));
        }
        if (const auto* main = m_files.compose.main(m_design.port))
            for (const auto& path : m_design.statePaths) {
                const auto keeps = [&path](const auto& volume) { return path == volume.second || path.starts_with(volume.second + "/"); };
                if (std::none_of(main->volumes.begin(), main->volumes.end(), keeps))
                    complaints.push_back(fmt::format("The service {} keeps nothing of {}; mount a named volume there.", main->name, path));
            }
        return complaints;
    }

    void kubernetes()
    {
        const auto named = filesWithTarget(m_context.document, "k8s");
        if (named.empty() && m_context.pipeline.platform == "kubernetes")
            return say("deployment.kubernetes", Verdict::failed("The platform is kubernetes, and the document names no file with the target k8s."));
        if (named.empty())
            return;
        std::vector<std::pair<std::string, std::string>> texts;
        std::vector<std::string> problems;
        for (const auto& path : named) {
            auto text = read(path);
            if (text)
                texts.emplace_back(path, *std::move(text));
            else
                problems.push_back(path + " cannot be read");
        }
        for (auto& problem : kubernetesProblems(texts, m_design.port))
            problems.push_back(std::move(problem));
        say("deployment.kubernetes", Verdict::of(problems, "The Kubernetes files are not right:"));
    }

    void otherYaml()
    {
        std::vector<std::string> problems;
        std::size_t seen = 0;
        for (const auto* target : {"github-actions", "gitlab-ci", "cloudrun", "aci", "ecs"})
            for (const auto& path : filesWithTarget(m_context.document, target)) {
                ++seen;
                const auto text = read(path);
                const auto documents = text ? parseYaml(*text) : Result<std::vector<YAML::Node>>(text.error());
                if (!documents)
                    problems.push_back(fmt::format("{}: {}", path, documents.error().text()));
                else if (documents->empty() || !documents->front().IsMap())
                    problems.push_back(path + " must be a mapping");
                else if (std::string_view(target) == "github-actions" && (!documents->front()["jobs"].IsDefined() || !documents->front()["on"].IsDefined()))
                    problems.push_back(path + " needs on and jobs");
            }
        if (seen > 0)
            say("deployment.automation", Verdict::of(problems, "Files for CI and clouds are not right:"));
    }

    const CheckContext& m_context;
    const DeployDesign& m_design;
    DeploymentFiles m_files;
};

} // namespace

Result<DeploymentFiles> readDeploymentFiles(const CheckContext& context, const DeployDesign& design)
{
    if (auto repo = context.workspace.stat("repo"); !repo)
        return std::move(repo).error();
    return guarded([&]() -> Result<DeploymentFiles> { return FileChecks(context, design).run(); });
}

} // namespace aap
