#include "sandbox/docker/endpoint.h"

#include <charconv>
#include <cstring>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/llm/bounded_json.h"

namespace aap {
namespace {

namespace fs = std::filesystem;

std::string valueOf(const Environment& environment, const std::string& name)
{
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

Result<DockerEndpoint> named(std::string_view address, std::string source)
{
    auto endpoint = DockerEndpoint::parse(address);
    if (!endpoint)
        return std::move(endpoint).error().during(source);
    endpoint->source = std::move(source);
    return endpoint;
}

/// DOCKER_CERT_PATH switches TLS on, DOCKER_TLS_VERIFY the check of the server, as in Docker's own client.
void addTls(DockerEndpoint& endpoint, const Environment& environment)
{
    const auto folder = valueOf(environment, "DOCKER_CERT_PATH");
    if (endpoint.transport == DockerEndpoint::Transport::Tcp && !folder.empty())
        endpoint.tls = EngineTls{.folder = folder, .verifiesServer = !valueOf(environment, "DOCKER_TLS_VERIFY").empty()};
}

Result<Json> readJson(const fs::path& path)
{
    auto text = readFile(path, 1U << 20U);
    if (!text)
        return std::move(text).error();
    auto json = parseBounded(*text);
    if (!json.is_object())
        return Error{ErrorCode::Invalid, path.string() + " is no JSON object", {}, "Repair or remove the file."};
    return json;
}

std::string contextNames(const fs::path& contexts)
{
    std::string names;
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(contexts / "meta", failed)) {
        const auto meta = readJson(entry.path() / "meta.json");
        if (meta)
            names += (names.empty() ? "" : ", ") + stringIn(*meta, "Name");
    }
    return names.empty() ? "none" : names;
}

Result<DockerEndpoint> fromContext(const std::string& name, const fs::path& configFolder)
{
    const auto contexts = configFolder / "contexts";
    const auto folder = sha256(name); // how Docker names it
    const auto meta = readJson(contexts / "meta" / folder / "meta.json");
    if (!meta)
        return Error{ErrorCode::NotFound,
                     fmt::format("there is no Docker context '{}'; known are: {}", name, contextNames(contexts)), {},
                     "Choose another with 'docker context use', or name the engine's address in the settings."};
    const auto& docker = memberOf(memberOf(*meta, "Endpoints"), "docker");
    auto endpoint = named(stringIn(docker, "Host"), fmt::format("Docker context '{}'", name));
    std::error_code failed;
    const auto keys = contexts / "tls" / folder / "docker";
    if (endpoint && endpoint->transport == DockerEndpoint::Transport::Tcp && fs::is_directory(keys, failed)) {
        const auto& skips = memberOf(docker, "SkipTLSVerify");
        endpoint->tls = EngineTls{.folder = keys, .verifiesServer = !(skips.is_boolean() && skips.get<bool>())};
    }
    return endpoint;
}

std::string contextName(const Environment& environment, const fs::path& configFolder)
{
    auto name = valueOf(environment, "DOCKER_CONTEXT");
    if (name.empty()) {
        if (const auto config = readJson(configFolder / "config.json"))
            name = stringIn(*config, "currentContext");
    }
    return name == "default" ? std::string() : name;
}

/// Whether somebody accepts connections there: a socket file alone may be left over from a dead engine.
bool somebodyListens(const std::string& path)
{
    sockaddr_un address{};
    if (path.size() >= sizeof address.sun_path)
        return false;
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    const bool accepted = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return accepted;
}

std::vector<std::string> customarySockets(const Environment& environment, const fs::path& home)
{
    const auto runtime = valueOf(environment, "XDG_RUNTIME_DIR");
    std::vector<std::string> sockets{"/var/run/docker.sock"};
    if (!runtime.empty())
        sockets.push_back(runtime + "/docker.sock");
    sockets.push_back((home / ".docker/desktop/docker.sock").string());
    sockets.push_back((home / ".docker/run/docker.sock").string());
    if (!runtime.empty())
        sockets.push_back(runtime + "/podman/podman.sock");
    sockets.push_back("/run/podman/podman.sock");
    return sockets;
}

} // namespace

Result<DockerEndpoint> DockerEndpoint::parse(std::string_view text)
{
    constexpr std::string_view unixScheme = "unix://";
    constexpr std::string_view tcpScheme = "tcp://";
    if (text.starts_with(unixScheme) && text.size() > unixScheme.size() && text[unixScheme.size()] == '/')
        return DockerEndpoint{.path = std::string(text.substr(unixScheme.size()))};
    if (text.starts_with(tcpScheme)) {
        const auto address = text.substr(tcpScheme.size());
        const auto colon = address.rfind(':');
        int port = 0;
        const auto end = address.data() + address.size();
        if (colon != std::string_view::npos && colon > 0
            && std::from_chars(address.data() + colon + 1, end, port).ptr != end)
            port = 0;
        if (port > 0 && port < 65536)
            return DockerEndpoint{
                .transport = Transport::Tcp, .path = {}, .host = std::string(address.substr(0, colon)), .port = port};
    }
    return Error{ErrorCode::Invalid, "'" + std::string(text) + "' is no Docker address", {},
                 "Write unix:///path/to/docker.sock or tcp://host:port; ssh is not supported."};
}

std::string DockerEndpoint::text() const
{
    return transport == Transport::Unix ? "unix://" + path : "tcp://" + host + ":" + std::to_string(port);
}

Result<DockerEndpoint> findEndpoint(const std::string& setting, const Environment& environment, const fs::path& home)
{
    const auto fromEnvironment = valueOf(environment, "DOCKER_HOST");
    if (!setting.empty() || !fromEnvironment.empty()) {
        auto endpoint = setting.empty() ? named(fromEnvironment, "environment variable DOCKER_HOST")
                                        : named(setting, "setting sandbox.docker_host");
        if (endpoint)
            addTls(*endpoint, environment);
        return endpoint;
    }
    const auto configured = valueOf(environment, "DOCKER_CONFIG");
    const auto configFolder = configured.empty() ? home / ".docker" : fs::path(configured);
    if (const auto context = contextName(environment, configFolder); !context.empty())
        return fromContext(context, configFolder);
    for (const auto& socket : customarySockets(environment, home)) {
        if (somebodyListens(socket))
            return DockerEndpoint{.path = socket, .source = "customary socket"};
    }
    return DockerEndpoint{.source = "customary socket"};
}

} // namespace aap
