#include "core/agent/tools/image_block.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include <QByteArray>

namespace aap {
namespace {

constexpr std::size_t kLargestImage = 3'750'000; // 5 MB in base64
constexpr unsigned kLongestSide = 8000;          // what the API takes
constexpr std::string_view kPngStart{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16};
constexpr std::string_view kPngEnd{"IEND\xae\x42\x60\x82", 8};

using Size = std::pair<unsigned, unsigned>;

unsigned bigEndian(std::string_view bytes, std::size_t at, std::size_t count)
{
    unsigned value = 0;
    for (std::size_t i = at; i < at + count; ++i)
        value = value << 8U | static_cast<unsigned char>(bytes[i]);
    return value;
}

std::optional<Size> pngSize(std::string_view bytes)
{
    if (bytes.size() < 45 || !bytes.ends_with(kPngEnd))
        return std::nullopt;
    return Size(bigEndian(bytes, 16, 4), bigEndian(bytes, 20, 4));
}

/// Goes from segment to segment up to the frame's header.
std::optional<Size> jpegSize(std::string_view bytes)
{
    if (!bytes.ends_with("\xff\xd9"))
        return std::nullopt;
    for (std::size_t at = 2; at + 9 < bytes.size();) {
        const auto marker = static_cast<unsigned char>(bytes[at + 1]);
        if (static_cast<unsigned char>(bytes[at]) != 0xffU)
            return std::nullopt;
        const bool frame = marker >= 0xc0U && marker <= 0xcfU && marker != 0xc4U && marker != 0xc8U && marker != 0xccU;
        if (frame)
            return Size(bigEndian(bytes, at + 7, 2), bigEndian(bytes, at + 5, 2));
        at += 2 + std::size_t(bigEndian(bytes, at + 2, 2));
    }
    return std::nullopt;
}

} // namespace

std::string_view imageType(std::string_view bytes)
{
    if (bytes.starts_with(kPngStart))
        return "image/png";
    return bytes.starts_with("\xff\xd8\xff") ? "image/jpeg" : "";
}

Result<Json> imageBlock(std::string_view bytes)
{
    const auto type = imageType(bytes);
    if (bytes.size() > kLargestImage)
        return Error{ErrorCode::Invalid, fmt::format("the picture has {} bytes; at most {} can be shown.", bytes.size(), kLargestImage)};
    const auto size = type == "image/png" ? pngSize(bytes) : jpegSize(bytes);
    if (!size || size->first == 0 || size->second == 0)
        return Error{ErrorCode::Invalid, "the picture is damaged and cannot be shown."};
    if (size->first > kLongestSide || size->second > kLongestSide)
        return Error{ErrorCode::Invalid, fmt::format("the picture has {} × {} pixels; at most {} a side can be shown.", size->first, size->second, kLongestSide)};
    const auto data = QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size())).toBase64().toStdString();
    return Json{{"type", "image"}, {"source", {{"type", "base64"}, {"media_type", type}, {"data", data}}}};
}

} // namespace aap
