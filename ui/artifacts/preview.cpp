#include "ui/artifacts/preview.h"

#include <algorithm>

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>

#include "core/base/growing_file.h"
#include "ui/describe.h"

namespace aap {
namespace {

constexpr std::uint64_t kMostText = 2U << 20U;
constexpr std::uint64_t kMostPicture = 20U << 20U;
constexpr qint64 kMostPixels = 40'000'000;
constexpr int kWidestShown = 4096;
constexpr int kDecoderMegabytes = 256;
constexpr qsizetype kMostBlocks = 20'000; // a text view crawls with more
constexpr qsizetype kLongestTextLine = 4'000; // and with longer ones
constexpr std::size_t kHexBytes = 64U << 10U;

/// Whose sentences these are to translators.
struct PreviewWords {
    Q_DECLARE_TR_FUNCTIONS(PreviewWords)
};

std::string readUpTo(const GrowingFile& file, std::uint64_t most)
{
    std::string bytes(std::size_t(std::min(file.bytes(), most)), '\0');
    const auto got = file.readAt(0, bytes);
    bytes.resize(got ? *got : 0);
    return bytes;
}

/// By its first bytes, not by its name; SVG is no picture here, because what draws it opens files it names.
QByteArray pictureFormat(std::string_view bytes)
{
    if (bytes.starts_with("\x89PNG\r\n\x1a\n"))
        return "png";
    if (bytes.starts_with("\xff\xd8\xff"))
        return "jpeg";
    if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a"))
        return "gif";
    if (bytes.starts_with("BM"))
        return "bmp";
    if (bytes.size() > 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP")
        return "webp";
    return {};
}

void readPicture(Preview& preview, const std::string& bytes, const QByteArray& format)
{
    auto data = QByteArray::fromRawData(bytes.data(), qsizetype(bytes.size()));
    QBuffer buffer(&data);
    buffer.open(QIODevice::ReadOnly);
    QImageReader::setAllocationLimit(kDecoderMegabytes);
    QImageReader reader(&buffer, format);
    const auto size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > kMostPixels) {
        preview.note += u' ' + (size.isValid() ? PreviewWords::tr("A picture of %1 × %2 pixels is too big to show.").arg(size.width()).arg(size.height())
                                               : PreviewWords::tr("This picture cannot be read."));
        return;
    }
    if (std::max(size.width(), size.height()) > kWidestShown)
        reader.setScaledSize(size.scaled(kWidestShown, kWidestShown, Qt::KeepAspectRatio));
    preview.picture = reader.read();
    preview.note += QStringLiteral("  %1 × %2").arg(size.width()).arg(size.height());
    if (preview.picture.isNull())
        preview.note += u' ' + PreviewWords::tr("This picture cannot be read.");
    else
        preview.kind = Preview::Kind::Picture;
}

QString hexDump(std::string_view bytes)
{
    QString dump;
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        const auto row = bytes.substr(at, 16);
        QString hex;
        QString shown;
        for (const auto c : row) {
            hex += QStringLiteral("%1 ").arg(uint(static_cast<unsigned char>(c)), 2, 16, QLatin1Char('0'));
            shown += c >= ' ' && c < 0x7f ? QChar::fromLatin1(c) : u'·';
        }
        dump += QStringLiteral("%1  %2 %3\n").arg(at, 8, 16, QLatin1Char('0')).arg(hex, -48).arg(shown);
    }
    return dump;
}

QString withShortLines(const QString& all)
{
    auto lines = all.split(u'\n');
    for (auto& line : lines)
        if (line.size() > kLongestTextLine)
            line = line.left(kLongestTextLine) + u'…';
    return lines.join(u'\n');
}

void readText(Preview& preview, const std::string& bytes)
{
    preview.words = withShortLines(text(bytes));
    preview.kind = Preview::Kind::Text;
    const auto lower = preview.path.toLower();
    if (lower.endsWith(QStringLiteral(".md")) || lower.endsWith(QStringLiteral(".markdown")))
        preview.kind = Preview::Kind::Markdown;
    if (lower.endsWith(QStringLiteral(".json")) && (preview.json = JsonTree::parse(bytes)))
        preview.kind = Preview::Kind::Tree;
}

void compareWith(Preview& preview, const QString& before, const std::string& bytes)
{
    const auto earlier = GrowingFile::open(before.toStdString(), preview.path.toStdString());
    const auto old = earlier && earlier->bytes() <= kMostText ? readUpTo(*earlier, kMostText) : std::string();
    if (old.find('\0') != std::string::npos)
        return;
    preview.compared = true;
    preview.changes = diffLines(text(old), text(bytes));
}

} // namespace

Preview readPreview(const QString& folder, const QString& path, const QString& before)
{
    Preview preview{.folder = folder, .path = path};
    const auto file = GrowingFile::open(folder.toStdString(), path.toStdString());
    if (!file) {
        const bool gone = file.error().code == ErrorCode::NotFound && !before.isEmpty();
        preview.note = gone ? PreviewWords::tr("This file was in the other run only.") : describe(file.error());
        if (gone)
            compareWith(preview, before, {});
        return preview;
    }
    preview.note = sizeText(file->bytes());
    const auto head = readUpTo(*file, kHexBytes);
    if (const auto format = pictureFormat(head); !format.isEmpty() && file->bytes() <= kMostPicture) {
        readPicture(preview, readUpTo(*file, kMostPicture), format);
        if (preview.kind == Preview::Kind::Picture)
            return preview;
    }
    if (head.find('\0') != std::string::npos) {
        preview.kind = Preview::Kind::Binary;
        preview.words = hexDump(head);
        preview.note += u' ' + PreviewWords::tr("A binary file; these are its first bytes.");
        return preview;
    }
    const auto bytes = file->bytes() <= kMostText ? readUpTo(*file, kMostText) : std::string();
    if (file->bytes() > kMostText || std::ranges::count(bytes, '\n') > kMostBlocks) {
        preview.kind = Preview::Kind::Big;
        preview.note += u' ' + PreviewWords::tr("Too big to colour.");
        return preview;
    }
    readText(preview, bytes);
    if (!before.isEmpty())
        compareWith(preview, before, bytes);
    return preview;
}

} // namespace aap
