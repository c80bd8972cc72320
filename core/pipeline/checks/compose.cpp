#include "core/pipeline/checks/compose.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "core/pipeline/checks/strict_yaml.h"

namespace aap {
namespace {

constexpr double kMostCpus = 8;
constexpr std::uint64_t kLeastMemory = 6U << 20U;
constexpr std::uint64_t kMostMemory = 8ULL << 30U;

bool isName(std::string_view text)
{
    const auto fits = [](unsigned char c) { return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '-' || c == '_'; };
    return !text.empty() && text.size() <= 40 && std::isalnum(static_cast<unsigned char>(text.front())) != 0
           && std::all_of(text.begin(), text.end(), fits);
}

bool isInnerPath(std::string_view path)
{
    return path.starts_with('/') && path.size() > 1 && path.find("..") == std::string_view::npos && path.find(':') == std::string_view::npos;
}

bool isPathOfProject(std::string_view path)
{
    return !path.empty() && path.front() != '/' && path.front() != '~' && path.find("..") == std::string_view::npos
           && path.find("://") == std::string_view::npos && path.find('@') == std::string_view::npos;
}

std::optional<double> positive(std::string_view text)
{
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value <= 0)
        return {};
    return value;
}

std::optional<int> port(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 1 || value > 65535)
        return {};
    return value;
}

class ComposeReader {
public:
    ComposeReading read(std::string_view text)
    {
        auto documents = parseYaml(text);
        if (!documents)
            return {.findings = {{0, documents.error().text()}}};
        if (documents->size() != 1)
            return {.findings = {{0, "A compose file is one YAML document."}}};
        readFile(documents->front());
        checkReferences();
        order();
        return {.services = std::move(m_services), .findings = m_yaml.takeFindings()};
    }

private:
    // ── the file ────────────────────────────────────────────────────────────────────────────────────────────────────
    void readFile(const YAML::Node& root)
    {
        m_root = root;
        m_yaml.members(root, "The compose file", {
            {"services", [this](const YAML::Node& node) { m_yaml.eachMember(node, "services", [this](const auto& name, const auto& value) { service(name, value); }); }},
            {"volumes", [this](const YAML::Node& node) { m_yaml.eachMember(node, "volumes", [this](const auto& name, const auto& value) { volume(name, value); }); }},
            {"networks", [this](const YAML::Node& node) { m_yaml.eachMember(node, "networks", [this](const auto& name, const auto& value) { network(name, value); }); }},
            {"secrets", [this](const YAML::Node& node) { m_yaml.eachMember(node, "secrets", [this](const auto& name, const auto& value) { secret(name, value); }); }},
        });
        if (m_services.empty())
            m_yaml.say(root, "The compose file has no service.");
    }

    void volume(const std::string& name, const YAML::Node& node)
    {
        if (!isName(name))
            m_yaml.say(node, fmt::format("The volume \"{}\" needs a name of small letters, digits, - and _.", name.substr(0, 60)));
        m_volumes.insert(name);
        m_yaml.members(node, "A volume", {{"driver", [this](const YAML::Node& driver) {
            if (m_yaml.text(driver, "driver") != "local")
                m_yaml.say(driver, "A volume's driver must be local.");
        }}});
    }

    void network(const std::string& name, const YAML::Node& node)
    {
        m_networks.insert(name);
        m_yaml.members(node, "A network", {
            {"internal", [this](const YAML::Node& value) { m_yaml.boolean(value, "internal"); }},
            {"driver", [this](const YAML::Node& driver) {
                if (m_yaml.text(driver, "driver") != "bridge")
                    m_yaml.say(driver, "A network's driver must be bridge.");
            }},
        });
    }

    void secret(const std::string& name, const YAML::Node& node)
    {
        m_secrets.insert(name);
        m_yaml.members(node, "A secret", {{"file", [this](const YAML::Node& file) {
            if (!isPathOfProject(m_yaml.text(file, "file")))
                m_yaml.say(file, "A secret's file must be a path inside the project.");
        }}});
    }

    // ── a service ───────────────────────────────────────────────────────────────────────────────────────────────────
    void service(const std::string& name, const YAML::Node& node)
    {
        if (!isName(name))
            m_yaml.say(node, fmt::format("The service \"{}\" needs a name of small letters, digits, - and _.", name.substr(0, 60)));
        ComposeService it{.name = name};
        for (const auto& key : {"privileged", "network_mode", "pid", "ipc", "userns_mode", "cap_add", "devices", "cgroup_parent"})
            if (node.IsMap() && node[key].IsDefined())
                m_yaml.say(node[key], fmt::format("{} gives a service more than it may have; remove it.", key));
        m_yaml.members(node, fmt::format("The service {}", name), readersOf(it));
        if (it.image.empty() && !it.build)
            m_yaml.say(node, fmt::format("The service {} has neither image nor build.", name));
        m_services.push_back(std::move(it));
    }

    StrictYaml::Readers readersOf(ComposeService& it)
    {
        auto readers = runningReaders(it);
        readers.merge(limitReaders(it));
        const auto nothing = [](const YAML::Node&) {}; // complained about already, with a better sentence
        for (const auto& key : {"privileged", "network_mode", "pid", "ipc", "userns_mode", "cap_add", "devices", "cgroup_parent"})
            readers.emplace(key, nothing);
        return readers;
    }

    StrictYaml::Readers runningReaders(ComposeService& it)
    {
        return {
            {"image", [this, &it](const YAML::Node& node) { it.image = plain(node, "image"); }},
            {"build", [this, &it](const YAML::Node& node) { build(it, node); }},
            {"command", [this, &it](const YAML::Node& node) { it.command = argv(node, "command"); }},
            {"entrypoint", [this, &it](const YAML::Node& node) { it.entrypoint = argv(node, "entrypoint"); }},
            {"environment", [this, &it](const YAML::Node& node) { it.environment = settings(node, "environment"); }},
            {"ports", [this, &it](const YAML::Node& node) { eachItem(node, "ports", [&](const YAML::Node& item) { publish(it, item); }); }},
            {"volumes", [this, &it](const YAML::Node& node) { eachItem(node, "volumes", [&](const YAML::Node& item) { mount(it, item); }); }},
            {"depends_on", [this, &it](const YAML::Node& node) { dependsOn(it, node); }},
            {"healthcheck", [this](const YAML::Node& node) { healthcheck(node); }},
            {"restart", [this, &it](const YAML::Node& node) { restart(it, node); }},
            {"networks", [this](const YAML::Node& node) { eachName(node, "networks", m_usedNetworks); }},
            {"secrets", [this, &it](const YAML::Node& node) { it.secrets = m_yaml.texts(node, "secrets"); }},
        };
    }

    StrictYaml::Readers limitReaders(ComposeService& it)
    {
        return {
            {"cpus", [this, &it](const YAML::Node& node) { cpus(it, node); }},
            {"mem_limit", [this, &it](const YAML::Node& node) { memory(it, node); }},
            {"pids_limit", [this](const YAML::Node& node) { count(node, "pids_limit"); }},
            {"deploy", [this, &it](const YAML::Node& node) { deploy(it, node); }},
            {"read_only", [this](const YAML::Node& node) { m_yaml.boolean(node, "read_only"); }},
            {"tmpfs", [this, &it](const YAML::Node& node) { tmpfs(it, node); }},
            {"cap_drop", [this](const YAML::Node& node) { m_yaml.texts(node, "cap_drop"); }},
            {"security_opt", [this](const YAML::Node& node) { securityOptions(node); }},
            {"user", [this](const YAML::Node& node) { user(node); }},
        };
    }

    void build(ComposeService& it, const YAML::Node& node)
    {
        it.build = true;
        if (node.IsScalar())
            it.buildContext = plain(node, "build");
        else
            m_yaml.members(node, "build", {
                {"context", [this, &it](const YAML::Node& value) { it.buildContext = plain(value, "context"); }},
                {"dockerfile", [this, &it](const YAML::Node& value) { it.dockerfile = plain(value, "dockerfile"); }},
                {"args", [this, &it](const YAML::Node& value) { it.buildArgs = settings(value, "args"); }},
            });
        if (!isPathOfProject(it.buildContext) || !isPathOfProject(it.dockerfile))
            m_yaml.say(node, "build must name a folder and a Dockerfile inside the project.");
    }

    void publish(ComposeService& it, const YAML::Node& node)
    {
        std::string address;
        std::string inner;
        if (node.IsMap()) {
            m_yaml.members(node, "A port", {
                {"target", [&](const YAML::Node& value) { inner = plain(value, "target"); }},
                {"published", [&](const YAML::Node& value) { m_yaml.text(value, "published"); }},
                {"host_ip", [&](const YAML::Node& value) { address = plain(value, "host_ip"); }},
                {"protocol", [&](const YAML::Node& value) { m_yaml.text(value, "protocol"); }},
            });
        } else {
            const auto text = plain(node, "A port");
            const auto last = text.rfind(':');
            const auto first = text.find(':');
            inner = text.substr(last == std::string::npos ? 0 : last + 1);
            address = first != last ? text.substr(0, first) : std::string();
        }
        if (address != "127.0.0.1")
            m_yaml.say(node, "Publish ports on 127.0.0.1 only: \"127.0.0.1:8000:8000\".");
        if (const auto number = port(inner.substr(0, inner.find("/tcp"))))
            it.ports.push_back(*number);
        else
            m_yaml.say(node, "A port must be a number from 1 to 65535.");
    }

    void mount(ComposeService& it, const YAML::Node& node)
    {
        std::string type = "volume";
        std::string source;
        std::string target;
        if (node.IsMap()) {
            m_yaml.members(node, "A volume of a service", {
                {"type", [&](const YAML::Node& value) { type = plain(value, "type"); }},
                {"source", [&](const YAML::Node& value) { source = plain(value, "source"); }},
                {"target", [&](const YAML::Node& value) { target = plain(value, "target"); }},
                {"read_only", [&](const YAML::Node& value) { m_yaml.boolean(value, "read_only"); }},
            });
        } else {
            const auto text = plain(node, "A volume of a service");
            const auto colon = text.find(':');
            source = text.substr(0, colon);
            target = colon == std::string::npos ? std::string() : text.substr(colon + 1);
            for (const auto* mode : {":ro", ":rw"})
                if (target.ends_with(mode))
                    target.resize(target.size() - 3);
        }
        addMount(it, node, type, source, target);
    }

    void addMount(ComposeService& it, const YAML::Node& node, const std::string& type, const std::string& source, const std::string& target)
    {
        if (target.find("docker.sock") != std::string::npos || source.find("docker.sock") != std::string::npos)
            return m_yaml.say(node, "The engine's socket may not be mounted.");
        if (!isInnerPath(target))
            return m_yaml.say(node, "A volume needs an absolute path inside the container: \"data:/data\".");
        if (type == "tmpfs")
            return it.tmpfs.push_back(target);
        if (type != "volume" || !isName(source))
            return m_yaml.say(node, "Paths of the host may not be mounted; use a named volume: \"data:/data\".");
        if (!it.volumes.emplace(source, target).second)
            m_yaml.say(node, fmt::format("The volume {} is mounted twice.", source));
        m_usedVolumes.insert(source);
    }

    void dependsOn(ComposeService& it, const YAML::Node& node)
    {
        if (!node.IsMap())
            return void(it.dependsOn = m_yaml.texts(node, "depends_on"));
        m_yaml.eachMember(node, "depends_on", [&](const std::string& name, const YAML::Node& value) {
            it.dependsOn.push_back(name);
            m_yaml.members(value, "depends_on", {{"condition", [this](const YAML::Node& condition) { m_yaml.text(condition, "condition"); }}});
        });
    }

    void healthcheck(const YAML::Node& node)
    {
        const auto value = [this](const YAML::Node& it) { m_yaml.text(it, "A value of healthcheck"); };
        m_yaml.members(node, "healthcheck", {
            {"test", [this](const YAML::Node& it) { argv(it, "test"); }},
            {"interval", value}, {"timeout", value}, {"retries", value}, {"start_period", value},
        });
    }

    void restart(ComposeService& it, const YAML::Node& node)
    {
        const auto policy = plain(node, "restart");
        if (policy != "no" && policy != "always" && policy != "unless-stopped" && !policy.starts_with("on-failure"))
            m_yaml.say(node, "restart must be no, on-failure, always or unless-stopped.");
        it.restart = policy != "no" && policy != "false";
    }

    // ── limits and rights ───────────────────────────────────────────────────────────────────────────────────────────
    void cpus(ComposeService& it, const YAML::Node& node)
    {
        it.cpus = positive(plain(node, "cpus"));
        if (!it.cpus || *it.cpus > kMostCpus)
            m_yaml.say(node, "cpus must be a number above 0 and at most 8.");
    }

    void memory(ComposeService& it, const YAML::Node& node)
    {
        it.memoryBytes = composeBytes(plain(node, "memory"));
        if (!it.memoryBytes || *it.memoryBytes < kLeastMemory || *it.memoryBytes > kMostMemory)
            m_yaml.say(node, "A memory limit must be from 6M to 8G, as \"256M\".");
    }

    void count(const YAML::Node& node, std::string_view what)
    {
        const auto value = positive(plain(node, what));
        if (!value || *value > 4096 || std::floor(*value) != *value)
            m_yaml.say(node, fmt::format("{} must be a whole number from 1 to 4096.", what));
    }

    void deploy(ComposeService& it, const YAML::Node& node)
    {
        const auto reserved = [this](const YAML::Node& value) { m_yaml.text(value, "A reservation"); };
        const auto limits = [this, &it](const YAML::Node& value) {
            m_yaml.members(value, "limits", {
                {"cpus", [this, &it](const YAML::Node& number) { cpus(it, number); }},
                {"memory", [this, &it](const YAML::Node& bytes) { memory(it, bytes); }},
                {"pids", [this](const YAML::Node& number) { count(number, "pids"); }},
            });
        };
        m_yaml.members(node, "deploy", {{"resources", [&](const YAML::Node& resources) {
            m_yaml.members(resources, "resources", {
                {"limits", limits},
                {"reservations", [&](const YAML::Node& value) { m_yaml.members(value, "reservations", {{"cpus", reserved}, {"memory", reserved}}); }},
            });
        }}});
    }

    void tmpfs(ComposeService& it, const YAML::Node& node)
    {
        const auto entries = node.IsScalar() ? std::vector{node.Scalar()} : m_yaml.texts(node, "tmpfs");
        for (const auto& entry : entries) {
            auto path = entry.substr(0, entry.find(':'));
            if (!isInnerPath(path))
                m_yaml.say(node, "tmpfs needs absolute paths.");
            else if (path != "/tmp")
                it.tmpfs.push_back(std::move(path));
        }
    }

    void securityOptions(const YAML::Node& node)
    {
        for (const auto& option : m_yaml.texts(node, "security_opt"))
            if (option != "no-new-privileges" && option != "no-new-privileges:true" && option != "no-new-privileges=true")
                m_yaml.say(node, "security_opt may only be no-new-privileges:true.");
    }

    void user(const YAML::Node& node)
    {
        const auto text = plain(node, "user");
        const auto uid = text.substr(0, text.find(':'));
        if (!positive(uid) || uid.find_first_not_of("0123456789") != std::string::npos)
            m_yaml.say(node, "user must be numeric and not root: \"1000:1000\".");
    }

    // ── values ──────────────────────────────────────────────────────────────────────────────────────────────────────
    /// A scalar with its variables filled in: there is no environment here but the defaults in the file.
    std::string plain(const YAML::Node& node, std::string_view what)
    {
        const auto text = m_yaml.text(node, what);
        std::string filled;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] != '$') {
                filled += text[at];
            } else if (at + 1 < text.size() && text[at + 1] == '$') {
                filled += text[at++];
            } else {
                const auto end = text.find('}', at);
                const auto dash = text.find('-', at);
                if (at + 1 >= text.size() || text[at + 1] != '{' || end == std::string::npos || dash > end) {
                    m_yaml.say(node, fmt::format("{} needs a default for its variable, as ${{NAME:-value}}.", what));
                    return {};
                }
                filled += text.substr(dash + 1, end - dash - 1);
                at = end;
            }
        }
        return filled;
    }

    std::vector<std::string> argv(const YAML::Node& node, std::string_view what)
    {
        if (node.IsScalar())
            return dockerfileWords(plain(node, what));
        std::vector<std::string> words;
        eachItem(node, what, [&](const YAML::Node& item) { words.push_back(plain(item, what)); });
        return words;
    }

    std::map<std::string, std::string> settings(const YAML::Node& node, std::string_view what)
    {
        std::map<std::string, std::string> values;
        const auto add = [&](const std::string& name, const std::string& value, const YAML::Node& at) {
            if (holdsLiteralSecret(name, value))
                m_yaml.say(at, fmt::format("{} holds a secret; give it as a file or leave it to who deploys.", name));
            values[name] = value;
        };
        if (node.IsMap())
            m_yaml.eachMember(node, what, [&](const std::string& name, const YAML::Node& value) { add(name, plain(value, name), value); });
        else
            eachItem(node, what, [&](const YAML::Node& item) {
                const auto text = plain(item, what);
                const auto equals = text.find('=');
                if (equals == std::string::npos || equals == 0)
                    m_yaml.say(item, fmt::format("An entry of {} must be NAME=value.", what));
                else
                    add(text.substr(0, equals), text.substr(equals + 1), item);
            });
        return values;
    }

    void eachItem(const YAML::Node& node, std::string_view what, const std::function<void(const YAML::Node&)>& visit)
    {
        if (!node.IsSequence())
            return m_yaml.say(node, fmt::format("{} must be a list.", what));
        for (const auto& item : node)
            visit(item);
    }

    void eachName(const YAML::Node& node, std::string_view what, std::set<std::string>& names)
    {
        for (auto& name : m_yaml.texts(node, what))
            names.insert(std::move(name));
    }

    // ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────────
    void checkReferences()
    {
        const auto declared = [this](const std::set<std::string>& used, const std::set<std::string>& known, std::string_view what) {
            for (const auto& name : used)
                if (!known.contains(name))
                    m_yaml.say(m_root, fmt::format("The {} {} is used but not declared.", what, name));
        };
        declared(m_usedVolumes, m_volumes, "volume");
        m_networks.insert("default");
        declared(m_usedNetworks, m_networks, "network");
        for (const auto& service : m_services)
            declared({service.secrets.begin(), service.secrets.end()}, m_secrets, "secret");
    }

    /// Dependencies first. What is left over depends on itself.
    void order()
    {
        std::vector<ComposeService> ordered;
        std::set<std::string> placed;
        for (bool moved = true; moved;) {
            moved = false;
            for (std::size_t i = 0; i < m_services.size(); ++i) {
                const auto& service = m_services[i];
                const auto ready = [&placed](const std::string& name) { return placed.contains(name); };
                if (ready(service.name) || !std::all_of(service.dependsOn.begin(), service.dependsOn.end(), ready))
                    continue;
                placed.insert(service.name);
                ordered.push_back(service);
                moved = true;
            }
        }
        if (ordered.size() != m_services.size())
            m_yaml.say(m_root, "depends_on names a service that is not there, or goes in a circle.");
        m_services = std::move(ordered);
    }

    StrictYaml m_yaml;
    YAML::Node m_root;
    std::vector<ComposeService> m_services;
    std::set<std::string> m_volumes, m_networks, m_secrets;
    std::set<std::string> m_usedVolumes, m_usedNetworks;
};

} // namespace

const ComposeService* ComposeReading::main(std::optional<int> port) const
{
    const auto built = [](const ComposeService& service) { return service.build; };
    const auto asked = [&port](const ComposeService& service) {
        return port && std::find(service.ports.begin(), service.ports.end(), *port) != service.ports.end();
    };
    auto found = std::find_if(services.begin(), services.end(), [&](const auto& service) { return built(service) && asked(service); });
    if (found == services.end())
        found = std::find_if(services.begin(), services.end(), built);
    if (found == services.end())
        found = std::find_if(services.begin(), services.end(), asked);
    if (found == services.end())
        found = services.begin();
    return found == services.end() ? nullptr : &*found;
}

ComposeReading readCompose(std::string_view text)
try {
    return ComposeReader().read(text);
} catch (const YAML::Exception& e) { // the library's own idea of a node's kind may differ from ours
    return {.findings = {{static_cast<std::size_t>(std::max(0, e.mark.line + 1)), e.msg}}};
}

std::optional<std::uint64_t> composeBytes(std::string_view text)
{
    const auto digits = text.find_first_not_of("0123456789.");
    const auto value = positive(text.substr(0, digits));
    std::string unit(digits == std::string_view::npos ? std::string_view() : text.substr(digits));
    std::transform(unit.begin(), unit.end(), unit.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    static const std::map<std::string, double> kUnits{{"", 1}, {"b", 1}, {"k", 1024.}, {"kb", 1024.}, {"m", 1048576.},
                                                      {"mb", 1048576.}, {"g", 1073741824.}, {"gb", 1073741824.}};
    const auto factor = kUnits.find(unit);
    if (!value || factor == kUnits.end() || *value * factor->second > 1e15)
        return {};
    return static_cast<std::uint64_t>(*value * factor->second);
}

} // namespace aap
