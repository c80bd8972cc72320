#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/config/project_secrets.h"
#include "core/sandbox/sandbox.h"

namespace aap {

/// What holds in every sandbox, whatever makes it.

struct UserIds {
    unsigned uid = 1000;
    unsigned gid = 1000;
};
/// Who agents are inside: we ourselves, so that the workspace's files are ours; 1000:1000 when we are root, for an agent never is.
UserIds agentUserOfThisProcess();
/// Who runs commands in a sandbox of that purpose: a verifier is somebody else, of the agent's group.
UserIds userFor(SandboxPurpose purpose, const UserIds& agent);

/// "NAME=value", of every command; `cpus` is what tools that count processors are told.
std::vector<std::string> agentEnvironment(double cpus);

/// ":/sandbox/seccomp.json" of the bundled resources: which system calls foreign code may use, in the form that Docker reads.
Result<std::string> bundledSeccompProfile();

/// What may be a name or label of something that an engine makes: 1 to 64 of A-Z a-z 0-9 - _ . and no option or hidden name.
bool isPlainName(const std::string& text);
/// Invalid: names that could mean something else, frozen paths that lead out or through a link. NotFound: there is no workspace.
Result<void> checkSpec(const SandboxSpec& spec);
/// What agents are told of the project's secrets, their names alone; empty when there are none.
std::string secretRules(const ProjectSecrets& secrets);
/// Lets the agents' group, which the verifier is in, enter the workspace.
Result<void> letGroupEnter(const std::filesystem::path& folder);

} // namespace aap
