#include "core/pipeline/checks/kubernetes.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>

#include <QFile>
#include <fmt/format.h>

#include "core/domain/json_schema.h"
#include "core/pipeline/checks/strict_yaml.h"
#include "core/store/lenient_json.h"

namespace aap {
namespace {

using PodLabels = std::map<std::string, std::string>;

const Json& inside(const Json& object, std::string_view name)
{
    static const Json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(name);
    return found == object.end() ? nothing : *found;
}

PodLabels labelsFrom(const Json& object)
{
    PodLabels labels;
    if (object.is_object())
        for (const auto& [name, value] : object.items())
            labels[name] = value.is_string() ? value.get<std::string>() : std::string();
    return labels;
}

bool includes(const PodLabels& all, const PodLabels& wanted)
{
    return !wanted.empty() && std::ranges::all_of(wanted, [&all](const auto& label) {
        const auto found = all.find(label.first);
        return found != all.end() && found->second == label.second;
    });
}

/// The schemas of the kinds that a project may bring. Each is compiled when it is first asked for; any thread.
class ManifestSchemas {
public:
    ManifestSchemas()
    {
        QFile file(QStringLiteral(":/schemas/kubernetes.schema.json"));
        if (file.open(QIODevice::ReadOnly))
            m_all = Json::parse(file.readAll().toStdString());
    }
    /// Null: there is no such kind.
    const JsonSchema* of(const std::string& kind)
    {
        const std::lock_guard lock(m_mutex);
        const auto& schema = inside(inside(m_all, "kinds"), kind);
        if (schema.is_null())
            return nullptr;
        auto& compiled = m_compiled[kind];
        if (!compiled)
            compiled = std::make_unique<JsonSchema>(inlined(schema, m_all.at("definitions")));
        return compiled.get();
    }

private:
    std::mutex m_mutex; ///< of m_compiled
    Json m_all{};
    std::map<std::string, std::unique_ptr<JsonSchema>> m_compiled{};
};

ManifestSchemas& manifestSchemas()
{
    static ManifestSchemas schemas;
    return schemas;
}

/// The pod template's holder: of a CronJob it lies deeper.
const Json& templateOf(const std::string& kind, const Json& spec)
{
    return inside(kind == "CronJob" ? inside(inside(spec, "jobTemplate"), "spec") : spec, "template");
}

bool hasVersion(const std::string& image)
{
    const auto slash = image.rfind('/');
    const auto tag = image.find(':', slash == std::string::npos ? 0 : slash);
    return image.find("@sha256:") != std::string::npos || (tag != std::string::npos && image.substr(tag) != ":latest");
}

bool mentionsEngineSocket(const Json& value)
{
    if (value.is_string())
        for (const auto* socket : {"docker.sock", "containerd.sock", "crio.sock", "podman.sock"})
            if (value.get_ref<const std::string&>().find(socket) != std::string::npos)
                return true;
    return value.is_structured() && std::ranges::any_of(value, mentionsEngineSocket);
}

class Manifests {
public:
    explicit Manifests(std::optional<int> port) : m_port(port) {}

    void take(const std::string& path, const std::string& text)
    {
        const auto documents = parseYaml(text);
        if (!documents)
            return m_problems.push_back(fmt::format("{}: {}", path, documents.error().text()));
        for (const auto& document : *documents) {
            if (document.IsNull())
                continue;
            if (const auto object = jsonFromYaml(document))
                takeObject(path, *object);
            else
                m_problems.push_back(fmt::format("{}: {}", path, object.error().text()));
        }
    }

    std::vector<std::string> finish()
    {
        for (const auto& [where, labels] : m_selectors)
            if (std::ranges::none_of(m_pods, [&labels = labels](const PodLabels& pod) { return includes(pod, labels); }))
                m_problems.push_back(where + ": its selector matches no pod template");
        return std::move(m_problems);
    }

private:
    void takeObject(const std::string& path, const Json& object)
    {
        const auto kind = textIn(object, "kind");
        const auto where = fmt::format("{} ({} {})", path, kind, textIn(inside(object, "metadata"), "name"));
        const auto* schema = manifestSchemas().of(kind);
        if (schema == nullptr)
            return m_problems.push_back(fmt::format("{}: \"{}\" is none of the kinds that are checked here", path, kind.substr(0, 60)));
        for (const auto& error : schema->errors(object))
            m_problems.push_back(fmt::format("{}: {}", where, error));
        const auto& spec = inside(object, "spec");
        if (kind == "Service")
            m_selectors.emplace_back(where, labelsFrom(inside(spec, "selector")));
        if (kind == "PodDisruptionBudget")
            m_selectors.emplace_back(where, labelsFrom(inside(inside(spec, "selector"), "matchLabels")));
        if (kind == "Secret" && (!inside(object, "data").empty() || !inside(object, "stringData").empty()))
            m_problems.push_back(where + ": a secret is named here, its values never given");
        if (const auto& pods = templateOf(kind, spec); pods.is_object())
            takePods(kind, where, spec, pods);
    }

    void takePods(const std::string& kind, const std::string& where, const Json& spec, const Json& pods)
    {
        const bool serves = kind == "Deployment" || kind == "StatefulSet";
        const auto labels = labelsFrom(inside(inside(pods, "metadata"), "labels"));
        if (serves && !includes(labels, labelsFrom(inside(inside(spec, "selector"), "matchLabels"))))
            m_problems.push_back(where + ": its selector does not match the labels of its template");
        m_pods.push_back(labels);
        const auto& pod = inside(pods, "spec");
        for (const auto& wish : hostileWishes(pod))
            m_problems.push_back(fmt::format("{}: {}", where, wish));
        for (const auto& container : listIn(pod, "containers"))
            takeContainer(where, container, serves);
        for (const auto& container : listIn(pod, "initContainers"))
            takeImage(where, container);
    }

    void takeImage(const std::string& where, const Json& container)
    {
        if (const auto image = textIn(container, "image"); !hasVersion(image))
            m_problems.push_back(fmt::format("{}: the image \"{}\" needs a version tag other than latest", where, image));
        for (const char* part : {"requests", "limits"})
            if (inside(inside(container, "resources"), part).is_null())
                m_problems.push_back(fmt::format("{}: resources.{} are missing", where, part));
    }

    void takeContainer(const std::string& where, const Json& container, bool serves)
    {
        takeImage(where, container);
        if (!serves)
            return;
        for (const char* probe : {"readinessProbe", "livenessProbe"})
            if (inside(container, probe).is_null())
                m_problems.push_back(fmt::format("{}: it has no {}", where, probe));
        const auto& ports = listIn(container, "ports");
        if (m_port && std::ranges::none_of(ports, [this](const Json& port) { return numberIn(port, "containerPort") == *m_port; }))
            m_problems.push_back(fmt::format("{}: no containerPort is {}, the design's port", where, *m_port));
    }

    std::optional<int> m_port;
    std::vector<PodLabels> m_pods;
    std::vector<std::pair<std::string, PodLabels>> m_selectors;
    std::vector<std::string> m_problems;
};

/// Rights of a pod or of one of its containers: their security contexts have the same words.
void wishesOfRights(const Json& rights, std::vector<std::string>& wishes)
{
    if (inside(rights, "privileged") == true)
        wishes.emplace_back("it may not be privileged");
    if (inside(rights, "allowPrivilegeEscalation") == true)
        wishes.emplace_back("allowPrivilegeEscalation is not allowed");
    if (inside(rights, "runAsNonRoot") == false || inside(rights, "runAsUser") == 0)
        wishes.emplace_back("it may not run as root (runAsNonRoot, runAsUser)");
    if (!inside(inside(rights, "capabilities"), "add").empty())
        wishes.emplace_back("no capability may be added");
    if (textIn(inside(rights, "seccompProfile"), "type") == "Unconfined" || textIn(inside(rights, "appArmorProfile"), "type") == "Unconfined")
        wishes.emplace_back("an Unconfined profile is not allowed");
    if (textIn(rights, "procMount") == "Unmasked")
        wishes.emplace_back("procMount Unmasked is not allowed");
    if (!listIn(rights, "sysctls").empty())
        wishes.emplace_back("sysctls are not allowed");
}

} // namespace

std::vector<std::string> hostileWishes(const Json& pod)
{
    std::vector<std::string> wishes;
    for (const char* key : {"hostNetwork", "hostPID", "hostIPC"})
        if (inside(pod, key) == true)
            wishes.push_back(fmt::format("{} is not allowed", key));
    for (const auto& volume : listIn(pod, "volumes"))
        if (!inside(volume, "hostPath").is_null())
            wishes.emplace_back("paths of the host (hostPath) may not be mounted");
    wishesOfRights(inside(pod, "securityContext"), wishes);
    for (const char* kind : {"containers", "initContainers", "ephemeralContainers"})
        for (const auto& container : listIn(pod, kind)) {
            wishesOfRights(inside(container, "securityContext"), wishes);
            for (const auto& port : listIn(container, "ports"))
                if (!inside(port, "hostPort").is_null())
                    wishes.emplace_back("ports of the host (hostPort) may not be taken");
            for (const auto& mount : listIn(container, "volumeMounts"))
                if (textIn(mount, "mountPropagation") == "Bidirectional")
                    wishes.emplace_back("mounts may not reach the host (mountPropagation)");
        }
    if (mentionsEngineSocket(pod))
        wishes.emplace_back("the engine's socket has no place in a pod");
    return wishes;
}

std::vector<std::string> kubernetesProblems(const std::vector<std::pair<std::string, std::string>>& files, std::optional<int> port)
{
    Manifests manifests(port);
    for (const auto& [path, text] : files)
        manifests.take(path, text);
    return manifests.finish();
}

} // namespace aap
