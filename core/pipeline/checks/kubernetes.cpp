#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "core/pipeline/checks/deployment_files.h"
#include "core/pipeline/checks/strict_yaml.h"

namespace aap {
namespace {

using Labels = std::map<std::string, std::string>;

std::string textOf(const YAML::Node& node)
{
    return node.IsDefined() && node.IsScalar() ? node.Scalar() : std::string();
}

/// A member of a mapping; undefined for whatever is none.
YAML::Node at(const YAML::Node& node, const char* key)
{
    return node.IsDefined() && node.IsMap() ? node[key] : YAML::Node(YAML::NodeType::Undefined);
}

Labels labelsOf(const YAML::Node& node)
{
    Labels labels;
    if (node.IsDefined() && node.IsMap())
        for (const auto& label : node)
            labels[textOf(label.first)] = textOf(label.second);
    return labels;
}

bool contains(const Labels& all, const Labels& wanted)
{
    for (const auto& [name, value] : wanted)
        if (const auto found = all.find(name); found == all.end() || found->second != value)
            return false;
    return !wanted.empty();
}

class Manifests {
public:
    explicit Manifests(std::optional<int> port) : m_port(port) {}

    void take(const std::string& path, const std::string& text)
    {
        const auto documents = parseYaml(text);
        if (!documents)
            return m_problems.push_back(fmt::format("{}: {}", path, documents.error().text()));
        for (const auto& document : *documents)
            if (!document.IsNull())
                takeObject(path, document);
    }

    std::vector<std::string> finish()
    {
        for (const auto& [where, labels] : m_selectors) {
            bool matched = false;
            for (const auto& pod : m_pods)
                matched = matched || contains(pod, labels);
            if (!matched)
                m_problems.push_back(where + ": its selector matches no pod template");
        }
        return std::move(m_problems);
    }

private:
    void takeObject(const std::string& path, const YAML::Node& object)
    {
        static const std::set<std::string> kKinds{"Namespace", "Secret", "ConfigMap", "Deployment", "Service", "Ingress",
                                                  "HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "PersistentVolumeClaim"};
        static const std::set<std::string> kMembers{"apiVersion", "kind", "metadata", "spec", "data", "stringData", "type", "immutable"};
        const auto kind = textOf(at(object, "kind"));
        const auto name = textOf(at(at(object, "metadata"), "name"));
        const auto where = fmt::format("{} ({} {})", path, kind, name);
        if (!kKinds.contains(kind))
            return m_problems.push_back(fmt::format("{}: \"{}\" is none of the kinds that are checked here", path, kind));
        if (textOf(at(object, "apiVersion")).empty() || name.empty())
            m_problems.push_back(where + ": it needs apiVersion and metadata.name");
        for (const auto& member : object)
            if (!kMembers.contains(textOf(member.first)))
                m_problems.push_back(fmt::format("{}: the field \"{}\" is not known", where, textOf(member.first)));
        const auto spec = at(object, "spec");
        if (kind == "Deployment")
            deployment(where, spec);
        if (kind == "Service")
            m_selectors.emplace_back(where, labelsOf(at(spec, "selector")));
        if (kind == "PodDisruptionBudget")
            m_selectors.emplace_back(where, labelsOf(at(at(spec, "selector"), "matchLabels")));
        if (kind == "Secret" && (!labelsOf(at(object, "data")).empty() || !labelsOf(at(object, "stringData")).empty()))
            m_problems.push_back(where + ": a secret is named here, its values never given");
    }

    void deployment(const std::string& where, const YAML::Node& spec)
    {
        const auto pods = labelsOf(at(at(at(spec, "template"), "metadata"), "labels"));
        if (!contains(pods, labelsOf(at(at(spec, "selector"), "matchLabels"))))
            m_problems.push_back(where + ": its selector does not match the labels of its template");
        m_pods.push_back(pods);
        const auto pod = at(at(spec, "template"), "spec");
        for (const char* key : {"hostNetwork", "hostPID", "hostIPC"})
            if (textOf(at(pod, key)) == "true")
                m_problems.push_back(fmt::format("{}: {} is not allowed", where, key));
        if (const auto volumes = at(pod, "volumes"); volumes.IsDefined() && volumes.IsSequence())
            for (const auto& volume : volumes)
                if (at(volume, "hostPath").IsDefined())
                    m_problems.push_back(where + ": paths of the host (hostPath) may not be mounted");
        const auto containers = at(pod, "containers");
        if (!containers.IsDefined() || !containers.IsSequence() || containers.size() == 0)
            return m_problems.push_back(where + ": it has no containers");
        for (const auto& container : containers)
            takeContainer(where, container);
    }

    void takeContainer(const std::string& where, const YAML::Node& container)
    {
        const auto image = textOf(at(container, "image"));
        const auto slash = image.rfind('/');
        const auto tag = image.find(':', slash == std::string::npos ? 0 : slash);
        if (image.find("@sha256:") == std::string::npos && (tag == std::string::npos || image.substr(tag) == ":latest"))
            m_problems.push_back(fmt::format("{}: the image \"{}\" needs a version tag other than latest", where, image));
        for (const char* probe : {"readinessProbe", "livenessProbe"})
            if (!at(container, probe).IsDefined())
                m_problems.push_back(fmt::format("{}: it has no {}", where, probe));
        for (const char* part : {"requests", "limits"})
            if (!at(at(container, "resources"), part).IsDefined())
                m_problems.push_back(fmt::format("{}: resources.{} are missing", where, part));
        if (textOf(at(at(container, "securityContext"), "privileged")) == "true")
            m_problems.push_back(where + ": it may not be privileged");
        bool exposed = !m_port;
        if (const auto ports = at(container, "ports"); ports.IsDefined() && ports.IsSequence())
            for (const auto& port : ports)
                exposed = exposed || textOf(at(port, "containerPort")) == std::to_string(*m_port);
        if (!exposed)
            m_problems.push_back(fmt::format("{}: no containerPort is {}, the design's port", where, *m_port));
    }

    std::optional<int> m_port;
    std::vector<Labels> m_pods;
    std::vector<std::pair<std::string, Labels>> m_selectors;
    std::vector<std::string> m_problems;
};

} // namespace

std::vector<std::string> kubernetesProblems(const std::vector<std::pair<std::string, std::string>>& files, std::optional<int> port)
try {
    Manifests manifests(port);
    for (const auto& [path, text] : files)
        manifests.take(path, text);
    return manifests.finish();
} catch (const YAML::Exception& e) { // the library's own idea of a node's kind may differ from ours
    return {e.what()};
}

} // namespace aap
