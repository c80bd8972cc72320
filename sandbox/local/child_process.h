#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "core/base/result.h"
#include "core/base/time.h"
#include "sandbox/sandbox_rules.h"

namespace aap {

/// A file descriptor of ours.
class OwnedFile {
public:
    OwnedFile() = default;
    explicit OwnedFile(int file) : m_file(file) {}
    OwnedFile(OwnedFile&& other) noexcept : m_file(std::exchange(other.m_file, -1)) {}
    OwnedFile& operator=(OwnedFile&& other) noexcept
    {
        std::swap(m_file, other.m_file);
        return *this;
    }
    ~OwnedFile();
    int number() const { return m_file; }
    bool isOpen() const { return m_file >= 0; }
    void close() { OwnedFile().swap(*this); }

private:
    void swap(OwnedFile& other) { std::swap(m_file, other.m_file); }
    int m_file = -1;
};

/// `bytes` as a file that has no name, at its beginning. Not open when there is no memory for it.
OwnedFile fileOf(std::string_view bytes);

/// Namespaces of a process that another one is to join.
struct JoinedNamespaces {
    OwnedFile user{};    ///< the one that owns `network`
    OwnedFile network{};
};

/// How a program is started, by fork and exec, with an environment of nothing but PATH.
struct ChildPlan {
    std::vector<std::string> argv{};           ///< [0]: absolute path
    std::vector<int> files{};                  ///< descriptors of ours that it finds under the same numbers, which are at least 3
    std::optional<UserIds> user{};             ///< whom we become before; needs root
    std::filesystem::path shown{};             ///< with `user`: folder that it finds at kShown, which the user need not reach by its path
    const JoinedNamespaces* joins = nullptr;   ///< null: none
    int cpus = 1;                              ///< how many processors it is bound to, at the most
};

/// A program that runs, with pipes to its standard streams. Belongs to the thread that started it, whose end it does not survive when it
/// asks for that. Destroying it kills it.
class ChildProcess {
public:
    static constexpr auto kShown = "/mnt";

    /// Unavailable: it cannot be started.
    static Result<std::unique_ptr<ChildProcess>> start(const ChildPlan& plan);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    pid_t pid() const { return m_pid; }
    /// Sends what goes of `input` (and drops that from the view), hands over what the program wrote to its standard output, and returns
    /// as soon as something moved, or after `wait`.
    void step(std::string_view& input, Milliseconds wait, const std::function<void(std::string_view)>& onOutput);
    /// Whether its standard output has ended.
    bool hasEnded() const { return !m_output.isOpen(); }
    /// The first 4 KiB of what it wrote to its standard error.
    const std::string& complaints() const { return m_complaints; }
    void kill();

private:
    ChildProcess(pid_t pid, OwnedFile input, OwnedFile output, OwnedFile error);
    void readErrors();

    pid_t m_pid;
    OwnedFile m_input;
    OwnedFile m_output;
    OwnedFile m_error;
    std::string m_complaints{};
};

} // namespace aap
