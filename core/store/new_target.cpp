#include "core/store/new_target.h"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>

namespace aap {

Error refusedTarget(const std::filesystem::path& target)
{
    if (errno == EEXIST) {
        Error error{ErrorCode::Invalid, target.string() + " exists already"};
        return std::move(error).advise("Name a file or folder that does not exist yet: nothing is overwritten.");
    }
    return Error{ErrorCode::Io, "cannot make " + target.string() + ": " + std::strerror(errno), {}, "Choose a folder that you may write to, on a disk that is not full."};
}

Result<void> makeNewFolder(const std::filesystem::path& target)
{
    return ::mkdir(target.c_str(), 0755) == 0 ? Result<void>() : refusedTarget(target);
}

} // namespace aap
