#include "sandbox/local/seccomp_filter.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <fmt/format.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/llm/bounded_json.h"

namespace aap {
namespace {

constexpr std::uint32_t kNotPermitted = 1; // EPERM, what Docker answers by default

Error senseless(const std::string& what)
{
    return Error{ErrorCode::Invalid, "the sandbox's system call filter makes no sense: " + what, {}, "Install the program anew."};
}

std::uint64_t numberOf(const Json& object, const char* key, std::uint64_t otherwise)
{
    const auto& value = memberOf(object, key);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : otherwise;
}

std::optional<std::uint32_t> actionOf(const Json& object, const char* key, const char* errorKey)
{
    const auto name = stringIn(object, key);
    if (name == "SCMP_ACT_ALLOW")
        return SCMP_ACT_ALLOW;
    if (name == "SCMP_ACT_ERRNO")
        return SCMP_ACT_ERRNO(numberOf(object, errorKey, kNotPermitted));
    return std::nullopt;
}

std::optional<scmp_arg_cmp> comparisonOf(const Json& argument)
{
    const auto index = unsigned(numberOf(argument, "index", 6));
    const auto value = numberOf(argument, "value", 0);
    const auto op = stringIn(argument, "op");
    if (index > 5)
        return std::nullopt;
    if (op == "SCMP_CMP_EQ")
        return scmp_arg_cmp{index, SCMP_CMP_EQ, value, 0};
    if (op == "SCMP_CMP_MASKED_EQ")
        return scmp_arg_cmp{index, SCMP_CMP_MASKED_EQ, value, numberOf(argument, "valueTwo", 0)};
    return std::nullopt;
}

Result<void> addRule(scmp_filter_ctx filter, const Json& rule)
{
    const auto action = actionOf(rule, "action", "errnoRet");
    std::vector<scmp_arg_cmp> comparisons;
    for (const auto& argument : memberOf(rule, "args")) {
        const auto comparison = comparisonOf(argument);
        if (!comparison)
            return senseless("a comparison of an argument");
        comparisons.push_back(*comparison);
    }
    if (!action)
        return senseless("the action of a rule");
    for (const auto& name : memberOf(rule, "names")) {
        const int number = name.is_string() ? seccomp_syscall_resolve_name(name.get_ref<const std::string&>().c_str()) : __NR_SCMP_ERROR;
        if (number == __NR_SCMP_ERROR)
            continue;
        if (const int failed = seccomp_rule_add_array(filter, *action, number, unsigned(comparisons.size()), comparisons.data()))
            return senseless(fmt::format("{} ({})", name.get<std::string>(), failed));
    }
    return {};
}

Result<std::string> programOf(scmp_filter_ctx filter)
{
    const int file = ::memfd_create("seccomp", MFD_CLOEXEC);
    if (file < 0 || seccomp_export_bpf(filter, file) != 0) {
        ::close(file);
        return senseless("it cannot be compiled");
    }
    std::string program(std::size_t(::lseek(file, 0, SEEK_END)), '\0');
    const auto got = ::pread(file, program.data(), program.size(), 0);
    ::close(file);
    if (got != ssize_t(program.size()) || program.empty())
        return senseless("it cannot be read");
    return program;
}

} // namespace

Result<std::string> seccompProgram(const std::string& profile)
{
    const auto json = Json::parse(profile, nullptr, false);
    const auto otherwise = actionOf(json, "defaultAction", "defaultErrnoRet");
    if (!json.is_object() || !otherwise || *otherwise == SCMP_ACT_ALLOW)
        return senseless("its default");
    const std::unique_ptr<void, decltype(&seccomp_release)> filter(seccomp_init(*otherwise), seccomp_release);
    if (!filter)
        return senseless("its default");
    for (const auto& rule : memberOf(json, "syscalls"))
        if (auto added = addRule(filter.get(), rule); !added)
            return std::move(added).error();
    return programOf(filter.get());
}

} // namespace aap
