#include "sandbox/docker/sandbox_image.h"

#include <algorithm>
#include <fstream>
#include <memory>

#include <QFile>
#include <QTemporaryDir>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/agent/tool_text.h"
#include "core/base/files.h"
#include "sandbox/archive/tar_writer.h"
#include "sandbox/docker/build_log.h"
#include "sandbox/docker/names.h"

namespace aap {
namespace {

constexpr Milliseconds kPullAnswer = std::chrono::minutes(2); // a registry that does not answer is given up by the engine itself
constexpr Milliseconds kBuildTimeout = std::chrono::minutes(60);
constexpr Milliseconds kImportTimeout = std::chrono::minutes(15);
constexpr std::size_t kPiece = 256U << 10U;
constexpr std::uintmax_t kNeededBytes = 3ULL << 30U;

/// "name" and "tag" of a reference, as the engine's queries want them.
struct Name {
    std::string repository;
    std::string tag;
    std::string text() const { return repository + ":" + tag; }
};

Result<Name> parseName(const std::string& reference)
{
    const auto allowed = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("._-/:").find(char(c)) != std::string_view::npos;
    };
    const auto slash = reference.rfind('/');
    const auto colon = reference.find(':', slash == std::string::npos ? 0 : slash);
    Name name{reference.substr(0, colon), colon == std::string::npos ? "latest" : reference.substr(colon + 1)};
    if (reference.size() > 255 || name.repository.empty() || name.tag.empty() || !std::ranges::all_of(reference, allowed))
        return Error{ErrorCode::Invalid, fmt::format("'{}' is no name for an image", reference.substr(0, 100)), {},
                     "Set docker_image to a name like 'coding-agent-sandbox:latest'."};
    return name;
}

Json labelsFor(const ImageRecipe& recipe)
{
    return {{kAppLabel, "1"}, {kKindLabel, "image"}, {"aap.recipe", recipe.id}};
}

/// A private folder with the recipe's files in it.
Result<std::unique_ptr<QTemporaryDir>> materialise(const ImageRecipe& recipe, const Environment& environment)
{
    const auto chosen = environment.find("TMPDIR");
    const auto parent = chosen == environment.end() || chosen->second.empty() ? std::string("/var/tmp") : chosen->second;
    auto folder = std::make_unique<QTemporaryDir>(QString::fromStdString(parent + "/agent-pipeline-image-XXXXXX"));
    if (!folder->isValid())
        return Error{ErrorCode::Io, fmt::format("no folder can be made in {}: {}", parent, folder->errorString().toStdString()), {},
                     "Set TMPDIR to a folder that you can write to."};
    const std::filesystem::path path = folder->path().toStdString();
    for (const auto& [name, content] : recipe.files)
        if (auto written = writeFileAtomically(path / name, content); !written)
            return std::move(written).error();
    return folder;
}

Result<void> pullBase(DockerClient& client, const OnLine& onLine, const std::stop_token& stop)
{
    onLine("Pulling debian:bookworm-slim");
    const DockerRequest order{.method = "POST", .path = "/images/create?fromImage=debian&tag=bookworm-slim", .headTimeout = kPullAnswer};
    return client.stream(order, [](const Json&) {}, stop);
}

/// The outcome of a stream whose objects name the image in the end.
Result<std::string> named(Result<void> streamed, std::string id)
{
    if (!streamed)
        return std::move(streamed).error();
    if (id.empty())
        return Error{ErrorCode::Protocol, "Docker ended without naming an image"};
    return id;
}

Result<std::string> build(DockerClient& client, const ImageRecipe& recipe, const Name& name, const std::filesystem::path& folder,
                          const OnLine& onLine, const std::stop_token& stop)
{
    auto context = Folder::open(folder);
    if (!context)
        return std::move(context).error();
    auto tar = TarWriter::open(*std::move(context), {}, stop);
    if (!tar)
        return std::move(tar).error();
    const DockerRequest order{.method = "POST",
                              .path = fmt::format("/build?t={}&rm=1&forcerm=1&labels={}", percentEncoded(name.text()),
                                                  percentEncoded(labelsFor(recipe).dump())),
                              .contentType = "application/x-tar",
                              .bodyPieces = TarWriter::pieces(std::make_shared<TarWriter>(*std::move(tar))),
                              .headTimeout = kBuildTimeout, .idleTimeout = kBuildTimeout};
    BuildLog log([&](std::string_view line) { onLine(line.substr(0, line.find('\n'))); });
    std::string id;
    auto built = client.stream(order, [&](const Json& object) {
        log.add(textOf(object, "stream"));
        if (auto made = textOf(member(object, "aux"), "ID"); !made.empty())
            id = std::move(made);
    }, stop);
    log.finish();
    auto image = named(std::move(built), std::move(id));
    if (image || image.error().code == ErrorCode::Stopped)
        return image;
    auto error = std::move(image).error();
    if (const auto lines = log.lastLines(kLinesInError); !lines.empty())
        error.detail += "\n" + lines;
    return std::move(error).advise("Containers may lack a way to the network: try 'sandbox build --bootstrap', which uses this machine's.");
}

std::function<Result<std::string>()> piecesOf(const std::filesystem::path& file)
{
    return [stream = std::make_shared<std::ifstream>(file, std::ios::binary)]() -> Result<std::string> {
        std::string piece(kPiece, '\0');
        stream->read(piece.data(), std::streamsize(piece.size()));
        if (stream->bad() || (stream->fail() && !stream->eof()))
            return Error{ErrorCode::Io, "the archive that the script made cannot be read"};
        piece.resize(std::size_t(stream->gcount()));
        return piece;
    };
}

Result<std::string> import(DockerClient& client, const ImageRecipe& recipe, const Name& name, const std::filesystem::path& tar,
                           const std::stop_token& stop)
{
    std::string label = "LABEL";
    const auto labels = labelsFor(recipe);
    for (const auto& [key, value] : labels.items())
        label += " " + key + "=" + value.get<std::string>();
    const DockerRequest order{.method = "POST",
                              .path = fmt::format("/images/create?fromSrc=-&repo={}&tag={}&changes={}&changes={}", percentEncoded(name.repository),
                                                  percentEncoded(name.tag), percentEncoded("WORKDIR /workspace"), percentEncoded(label)),
                              .contentType = "application/x-tar", .bodyPieces = piecesOf(tar),
                              .headTimeout = kImportTimeout, .idleTimeout = kImportTimeout};
    std::string id;
    auto imported = client.stream(order, [&](const Json& object) {
        if (auto status = textOf(object, "status"); status.starts_with("sha256:"))
            id = std::move(status);
    }, stop);
    return named(std::move(imported), std::move(id));
}

Result<std::string> bootstrap(DockerClient& client, const ImageRecipe& recipe, const Name& name, const std::filesystem::path& folder,
                              const ImageWish& wish, const OnLine& onLine, const std::stop_token& stop)
{
    std::error_code failed;
    if (const auto space = std::filesystem::space(folder, failed); !failed && space.available < kNeededBytes)
        onLine(fmt::format("Only {} MB are free in {}; about 3 GB are needed", space.available >> 20U, folder.parent_path().string()));
    const auto tar = folder / "rootfs.tar";
    if (auto made = runBootstrapScript(folder, tar, wish.environment, onLine, stop); !made)
        return std::move(made).error().during("make the sandbox's files");
    onLine("Handing the image over to Docker");
    auto id = import(client, recipe, name, tar, stop);
    if (!id)
        return std::move(id).error().during("import the sandbox image");
    return id;
}

Result<std::string> make(DockerClient& client, const ImageRecipe& recipe, const Name& name, const ImageWish& wish, const OnLine& onLine,
                         const std::stop_token& stop)
{
    const auto folder = materialise(recipe, wish.environment);
    if (!folder)
        return folder.error();
    const std::filesystem::path path = (*folder)->path().toStdString();
    if (!wish.bootstrapOnly) {
        const auto pulled = pullBase(client, onLine, stop);
        if (pulled)
            return build(client, recipe, name, path, onLine, stop);
        if (pulled.error().code == ErrorCode::Stopped)
            return pulled.error();
        onLine(fmt::format("It cannot be pulled ({}), so the image is made by debootstrap", cleanText(pulled.error().detail)));
    }
    return bootstrap(client, recipe, name, path, wish, onLine, stop);
}

} // namespace

ImageRecipe ImageRecipe::of(std::map<std::string, std::string> files)
{
    std::string all;
    for (const auto& [name, content] : files)
        all += fmt::format("{} {}\n{}", name, content.size(), content);
    return {.files = std::move(files), .id = sha256(all)};
}

const std::vector<std::string>& imageProfiles()
{
    static const std::vector<std::string> profiles{"base", "python", "node", "cpp", "full"};
    return profiles;
}

std::string packagesOfProfile(std::string_view packages, std::string_view profile)
{
    if (profile == "full")
        return std::string(packages);
    std::string wanted;
    while (!packages.empty()) {
        const auto line = packages.substr(0, std::min(packages.find('\n'), packages.size()));
        packages.remove_prefix(std::min(line.size() + 1, packages.size()));
        const auto mark = line.find('#');
        const auto from = mark == std::string_view::npos ? mark : line.find_first_not_of(' ', mark + 1);
        const auto of = from == std::string_view::npos ? std::string_view() : line.substr(from);
        if (mark != 0 && (of.empty() || of == profile))
            wanted += std::string(line) + '\n';
    }
    return wanted;
}

std::string profileOfRecipe(const std::string& recipeId)
{
    for (const auto& profile : imageProfiles())
        if (const auto recipe = bundledImageRecipe(profile); recipe && recipe->id == recipeId)
            return profile;
    return {};
}

Result<ImageRecipe> bundledImageRecipe(std::string_view profile)
{
    if (std::ranges::find(imageProfiles(), profile) == imageProfiles().end())
        return Error{ErrorCode::Invalid, fmt::format("there is no profile '{}'", profile.substr(0, 40)), {}, fmt::format("Choose one of: {}.", fmt::join(imageProfiles(), ", "))};
    std::map<std::string, std::string> files;
    for (const auto* name : {"Dockerfile", "bootstrap-rootfs.sh", "packages.txt"}) {
        QFile file(QStringLiteral(":/sandbox/") + QString::fromLatin1(name));
        if (!file.open(QIODevice::ReadOnly))
            return Error{ErrorCode::NotFound, fmt::format("'{}' of the sandbox image is missing from this program", name), {}, "Install the program anew."};
        files[name] = file.readAll().toStdString();
    }
    files["packages.txt"] = packagesOfProfile(files["packages.txt"], profile);
    return ImageRecipe::of(std::move(files));
}

int daysBetween(TimePoint created, TimePoint at)
{
    return created == TimePoint() || created > at ? 0 : int(std::chrono::floor<std::chrono::days>(at - created).count());
}

std::string ageText(TimePoint created, TimePoint at)
{
    const int days = daysBetween(created, at);
    return days == 0 ? "today" : fmt::format("{} day{} old", days, days == 1 ? "" : "s");
}

Result<SandboxImageInfo> sandboxImageInfo(DockerClient& client, const std::string& reference, const std::stop_token& stop)
{
    const auto name = parseName(reference);
    if (!name)
        return name.error();
    auto seen = client.call("GET", "/images/" + percentEncoded(name->text()) + "/json", {}, stop);
    if (!seen && seen.error().code == ErrorCode::NotFound)
        return SandboxImageInfo{};
    if (!seen)
        return std::move(seen).error().during("look for the image " + reference);
    const auto& labels = member(member(*seen, "Config"), "Labels");
    SandboxImageInfo info{.exists = true, .id = textOf(*seen, "Id"), .bytes = std::uint64_t(std::max<std::int64_t>(numberOf(*seen, "Size"), 0))};
    if (textOf(labels, kKindLabel) == "image")
        info.recipe = textOf(labels, "aap.recipe");
    if (const auto created = parseIso8601(textOf(*seen, "Created")))
        info.created = *created;
    return info;
}

Result<std::string> makeSandboxImage(DockerClient& client, const ImageRecipe& recipe, const ImageWish& wish, const OnLine& onLine,
                                     const std::stop_token& stop)
{
    const auto name = parseName(wish.reference);
    if (!name)
        return name.error();
    const auto before = sandboxImageInfo(client, wish.reference, stop);
    if (!before)
        return before.error(); // the engine itself does not answer: nothing to fall back to
    auto id = make(client, recipe, *name, wish, onLine, stop);
    if (!id)
        return std::move(id).error().during("make the image " + name->text());
    if (!before->recipe.empty() && before->id != *id) // refused when it is in use or has another name, and that is right
        (void)client.call("DELETE", "/images/" + percentEncoded(before->id), {}, stop).has_value();
    return id;
}

} // namespace aap
