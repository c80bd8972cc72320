// Loaded before the C library (LD_PRELOAD): the n-th call that writes, syncs, opens, renames or makes something below a folder fails.
//   AAP_FAIL_BELOW  the folder
//   AAP_FAIL_AT     n, from 1
//   AAP_FAIL_ERRNO  with what
//   AAP_FAIL_TOLD   a file that is made when it has happened
// Nothing here allocates or throws: it runs inside of whatever is tested.
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::atomic<long> calls{0};

template <typename Function>
Function next(const char* name)
{
    void* found = ::dlsym(RTLD_NEXT, name);
    Function function = nullptr;
    std::memcpy(&function, &found, sizeof function);
    return function;
}

bool isBelow(const char* path)
{
    const char* folder = std::getenv("AAP_FAIL_BELOW");
    return folder != nullptr && path != nullptr && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool isFileBelow(int descriptor)
{
    char link[64];
    char path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const auto length = ::readlink(link, path, sizeof path - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    return isBelow(path);
}

bool isBelowAt(int folder, const char* path)
{
    return path != nullptr && path[0] == '/' ? isBelow(path) : folder != AT_FDCWD && isFileBelow(folder);
}

/// Whether it is this call's turn; errno is set then.
bool fails(bool concerns)
{
    const char* at = std::getenv("AAP_FAIL_AT");
    if (!concerns || at == nullptr || ++calls != std::atol(at))
        return false;
    if (const char* told = std::getenv("AAP_FAIL_TOLD"))
        ::syscall(SYS_close, ::syscall(SYS_openat, AT_FDCWD, told, O_CREAT | O_WRONLY, 0600));
    errno = std::atoi(std::getenv("AAP_FAIL_ERRNO"));
    return true;
}

mode_t modeOf(int flags, va_list arguments)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;
}

} // namespace

#define AAP_OPEN(NAME) \
    extern "C" int NAME(const char* path, int flags, ...) \
    { \
        va_list arguments; \
        va_start(arguments, flags); \
        const auto mode = modeOf(flags, arguments); \
        va_end(arguments); \
        return fails(isBelow(path)) ? -1 : next<int (*)(const char*, int, ...)>(#NAME)(path, flags, mode); \
    }
#define AAP_OPENAT(NAME) \
    extern "C" int NAME(int folder, const char* path, int flags, ...) \
    { \
        va_list arguments; \
        va_start(arguments, flags); \
        const auto mode = modeOf(flags, arguments); \
        va_end(arguments); \
        return fails(isBelowAt(folder, path)) ? -1 : next<int (*)(int, const char*, int, ...)>(#NAME)(folder, path, flags, mode); \
    }
AAP_OPEN(open)
AAP_OPEN(open64)
AAP_OPENAT(openat)
AAP_OPENAT(openat64)

extern "C" long syscall(long number, ...)
{
    va_list arguments;
    va_start(arguments, number);
    long words[6];
    for (auto& word : words)
        word = va_arg(arguments, long);
    va_end(arguments);
    if (number == SYS_openat2 && fails(isBelowAt(int(words[0]), reinterpret_cast<const char*>(words[1]))))
        return -1;
    return next<long (*)(long, ...)>("syscall")(number, words[0], words[1], words[2], words[3], words[4], words[5]);
}

extern "C" ssize_t write(int file, const void* bytes, size_t count)
{
    return fails(isFileBelow(file)) ? -1 : next<ssize_t (*)(int, const void*, size_t)>("write")(file, bytes, count);
}

extern "C" ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t at)
{
    return fails(isFileBelow(file)) ? -1 : next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64")(file, bytes, count, at);
}

extern "C" int fsync(int file)
{
    return fails(isFileBelow(file)) ? -1 : next<int (*)(int)>("fsync")(file);
}

extern "C" int fdatasync(int file)
{
    return fails(isFileBelow(file)) ? -1 : next<int (*)(int)>("fdatasync")(file);
}

extern "C" int syncfs(int file) noexcept
{
    return fails(isFileBelow(file)) ? -1 : next<int (*)(int)>("syncfs")(file);
}

extern "C" int ftruncate64(int file, off64_t length) noexcept
{
    return fails(isFileBelow(file)) ? -1 : next<int (*)(int, off64_t)>("ftruncate64")(file, length);
}

extern "C" int rename(const char* from, const char* to) noexcept
{
    return fails(isBelow(to)) ? -1 : next<int (*)(const char*, const char*)>("rename")(from, to);
}

extern "C" int renameat(int fromFolder, const char* from, int toFolder, const char* to) noexcept
{
    return fails(isBelowAt(toFolder, to)) ? -1 : next<int (*)(int, const char*, int, const char*)>("renameat")(fromFolder, from, toFolder, to);
}

extern "C" int link(const char* from, const char* to) noexcept
{
    return fails(isBelow(to)) ? -1 : next<int (*)(const char*, const char*)>("link")(from, to);
}

extern "C" int mkdir(const char* path, mode_t mode) noexcept
{
    return fails(isBelow(path)) ? -1 : next<int (*)(const char*, mode_t)>("mkdir")(path, mode);
}

extern "C" int mkdirat(int folder, const char* path, mode_t mode) noexcept
{
    return fails(isBelowAt(folder, path)) ? -1 : next<int (*)(int, const char*, mode_t)>("mkdirat")(folder, path, mode);
}
