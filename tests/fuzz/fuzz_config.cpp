#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "core/config/app_config.h"

namespace {

/// A configuration file of this process that only its owner can read.
class TemporaryFile {
public:
    TemporaryFile()
    {
        const int fd = ::mkstemp(m_path.data());
        if (fd < 0)
            std::abort();
        ::close(fd);
    }
    ~TemporaryFile() { ::unlink(m_path.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    aap::Result<aap::AppConfig> load(const std::string& text) const
    {
        std::ofstream(m_path, std::ios::binary | std::ios::trunc) << text;
        return aap::loadConfig({.file = m_path});
    }

private:
    std::string m_path = (std::filesystem::temp_directory_path() / "fuzz-config-XXXXXX").string();
};

[[noreturn]] void fail(const std::string& why)
{
    std::fprintf(stderr, "%s\n", why.c_str());
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TemporaryFile file;
    const auto config = file.load(std::string(reinterpret_cast<const char*>(data), size));
    if (!config) {
        const auto& error = config.error();
        if (error.remedy.empty() || error.text().find('\n') != std::string::npos)
            fail("a complaint is one line and says what to do: " + error.text() + " | " + error.remedy);
        return 0;
    }
    const auto shown = aap::redacted(*config);
    const auto again = file.load(shown.dump());
    if (!again)
        fail("what was accepted is refused when it is written down and read again: " + again.error().text());
    if (aap::redacted(*again) != shown)
        fail("what was accepted means something else when it is written down and read again: " + shown.dump());
    return 0;
}
