#include <cstdint>
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TemporaryFile file;
    const auto config = file.load(std::string(reinterpret_cast<const char*>(data), size));
    if (!config) {
        const auto& error = config.error();
        if (error.remedy.empty() || error.text().find('\n') != std::string::npos)
            std::abort(); // a complaint is one line and says what to do
        return 0;
    }
    const auto shown = aap::redacted(*config);
    const auto again = file.load(shown.dump());
    if (!again || aap::redacted(*again) != shown)
        std::abort(); // what was accepted means the same when it is written down and read again
    return 0;
}
