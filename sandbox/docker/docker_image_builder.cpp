#include "sandbox/docker/docker_image_builder.h"

#include <fmt/format.h>

#include "core/agent/tool_text.h"
#include "sandbox/archive/tar_writer.h"
#include "sandbox/docker/build_log.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {


/// The tag has to be this run's: a build must never replace somebody's image.
Result<void> checkNames(const BuildRequest& request)
{
    auto ours = deploymentName(request.runId);
    if (!ours)
        return std::move(ours).error();
    const auto colon = request.tag.rfind(':');
    const auto prefix = *ours + "-";
    const auto service = colon == std::string::npos || !request.tag.starts_with(prefix)
        ? std::string()
        : request.tag.substr(prefix.size(), colon - prefix.size());
    if (service.empty() || !deploymentName(request.runId, service) || !deploymentName(request.runId, request.tag.substr(colon + 1)))
        return Error{ErrorCode::Invalid, fmt::format("the image's tag '{}' is not {}<service>:<version>", request.tag.substr(0, 200), prefix)};
    return {};
}

std::string buildPath(const BuildRequest& request, const ImageBuilderSettings& settings)
{
    const Json limits = {{{"Name", "core"}, {"Soft", 0}, {"Hard", 0}}, {{"Name", "nofile"}, {"Soft", 4096}, {"Hard", 4096}}};
    return fmt::format("/build?t={}&dockerfile={}&rm=1&forcerm=1&pull=0&networkmode=none&memory={}&memswap={}&ulimits={}&labels={}&buildargs={}",
                       percentEncoded(request.tag), percentEncoded(request.dockerfile), settings.memoryBytes, settings.memoryBytes,
                       percentEncoded(limits.dump()), percentEncoded(deploymentLabels(request.runId).dump()),
                       percentEncoded(Json(request.buildArgs).dump(-1, ' ', false, Json::error_handler_t::replace)));
}

Error buildError(Error error, const BuildLog& log)
{
    error.detail = cleanText(error.detail);
    if (error.code == ErrorCode::Stopped || error.code == ErrorCode::Unauthorized || error.code == ErrorCode::Limit)
        return error;
    if (const auto lines = log.lastLines(kLinesInError); !lines.empty()) {
        // The engine had begun to build, so what it says is about the Dockerfile.
        if (error.code != ErrorCode::Timeout)
            error.code = ErrorCode::Invalid;
        error.detail += "\n" + lines;
    }
    return std::move(error).advise("Read the build's log and correct the Dockerfile.");
}

std::vector<std::string> textsOf(const Json& list)
{
    std::vector<std::string> texts;
    if (list.is_array())
        for (const auto& item : list)
            if (item.is_string())
                texts.push_back(item.get<std::string>());
    return texts;
}

BuiltImage imageFrom(const Json& seen)
{
    const auto& config = member(seen, "Config");
    BuiltImage image{.id = textOf(seen, "Id"), .bytes = std::uint64_t(std::max<std::int64_t>(numberOf(seen, "Size"), 0))};
    image.layers = textsOf(member(member(seen, "RootFS"), "Layers"));
    image.user = textOf(config, "User");
    image.environment = textsOf(member(config, "Env"));
    if (const auto& ports = member(config, "ExposedPorts"); ports.is_object())
        for (const auto& [port, nothing] : ports.items())
            image.exposedPorts.push_back(port);
    return image;
}

} // namespace

DockerImageBuilder::DockerImageBuilder(DockerClient& client, ImageBuilderSettings settings) : m_client(client), m_settings(settings) {}

Result<BuiltImage> DockerImageBuilder::build(const BuildRequest& request, const OutputListener& log, const std::stop_token& stop)
{
    if (auto checked = checkNames(request); !checked)
        return std::move(checked).error();
    auto context = Folder::open(request.context);
    if (!context)
        return std::move(context).error();
    if (auto dockerfile = context->stat(request.dockerfile); !dockerfile)
        return std::move(dockerfile).error().during("find the Dockerfile");
    auto tar = TarWriter::open(*context, {.dockerignore = true, .keep = request.dockerfile}, stop);
    if (!tar)
        return std::move(tar).error();

    BuildLog lines(log);
    std::string id;
    std::stop_source ending;
    const std::stop_callback forward(stop, [&ending] { ending.request_stop(); });
    const auto deadline = Deadline::in(m_settings.timeout);
    const auto listen = [&](const Json& object) {
        if (deadline.hasPassed()) // a build that talks for ever is never idle
            ending.request_stop();
        if (const auto text = textOf(object, "stream"); !text.empty())
            lines.add(text);
        if (auto made = textOf(member(object, "aux"), "ID"); !made.empty())
            id = std::move(made);
    };
    const DockerRequest order{.method = "POST", .path = buildPath(request, m_settings), .contentType = "application/x-tar",
                              .bodyPieces = TarWriter::pieces(std::make_shared<TarWriter>(*std::move(tar))),
                              .headTimeout = m_settings.timeout, .idleTimeout = m_settings.timeout};
    auto built = m_client.stream(order, listen, ending.get_token());
    lines.finish();
    if (!built && built.error().code == ErrorCode::Stopped && !stop.stop_requested())
        built = Error{ErrorCode::Timeout, fmt::format("the build took more than {} s", m_settings.timeout.count() / 1000)};
    if (!built)
        return buildError(std::move(built).error(), lines).during("build " + request.tag);
    if (id.empty())
        return Error{ErrorCode::Protocol, "Docker ended the build without naming an image", {"build " + request.tag}};
    auto seen = m_client.call("GET", "/images/" + percentEncoded(id) + "/json", {}, stop);
    if (!seen)
        return std::move(seen).error().during("inspect " + request.tag);
    auto image = imageFrom(*seen);
    image.tag = request.tag;
    image.log = lines.text();
    return image;
}

Result<bool> DockerImageBuilder::imageExists(const std::string& reference, const std::stop_token& stop)
{
    auto seen = m_client.call("GET", "/images/" + percentEncoded(reference) + "/json", {}, stop);
    if (!seen && seen.error().code == ErrorCode::NotFound)
        return false;
    if (!seen)
        return std::move(seen).error().during("look for the image " + reference);
    return true;
}

} // namespace aap
