#pragma once

#include <filesystem>
#include <functional>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/files.h"
#include "core/base/ids.h"
#include "core/base/redact.h"
#include "core/pipeline/check_context.h"
#include "tests/support/fake_deployer.h"
#include "tests/support/memory_journal.h"

namespace aap {

/// A workspace on disk, an engine with real sandboxes, and what the checks said.
class ChecksBench {
public:
    explicit ChecksBench(SandboxProvider& sandboxes) : m_sandboxes(sandboxes), m_runId(newRunId())
    {
        std::filesystem::create_directories(root() / "repo");
        std::filesystem::permissions(root(), std::filesystem::perms(0755));
    }
    std::filesystem::path root() const { return std::filesystem::path(m_temporary.path().toStdString()) / "workspace"; }
    void write(const std::string& path, std::string_view text) { QVERIFY(writeFileAtomically(root() / "repo" / path, text)); }
    void copy(const std::filesystem::path& folder) { std::filesystem::copy(folder, root() / "repo", std::filesystem::copy_options::recursive); }
    void erase(const std::string& path) { std::filesystem::remove(root() / "repo" / path); }
    std::vector<Check> architecture() { return checked(StageId::Architecture, design, checkArchitecture); }
    std::vector<Check> coding() { return checked(StageId::Coding, implementation, checkCoding); }
    std::vector<Check> testing()
    {
        return checked(StageId::Testing, report, [this](CheckContext& context) -> Result<std::vector<Check>> {
            auto before = fileHashes(context.workspace);
            return before ? checkTesting(context, *before, evidence) : std::move(before).error();
        });
    }

    Json requirements{};
    Json design{};
    Json implementation{};
    Json report{};
    TestEvidence evidence{};
    PipelineSpec pipeline = PipelineSpec::standard(RunMode::Full);
    std::map<std::string, std::string> reports{};

private:
    std::vector<Check> checked(StageId stage, const Json& document, const std::function<Result<std::vector<Check>>(CheckContext&)>& check)
    {
        auto workspace = *Folder::open(root());
        RunRecorder recorder(m_runId, m_journal, m_redactor, m_observer);
        const Json none;
        CheckContext context{.stage = stage, .pipeline = pipeline, .requirements = requirements, .design = stage == StageId::Architecture ? none : design,
                             .document = document, .workspace = workspace, .workspacePath = root(), .sandboxes = m_sandboxes, .images = m_images,
                             .deployer = m_deployer, .recorder = recorder, .runId = m_runId};
        context.saveLog = [](const std::string& name, std::string_view) -> Result<std::string> { return "checks/" + name + ".log"; };
        context.saveReport = [this](const std::string& path, std::string_view text) -> Result<void> { reports[path] = text; return {}; };
        auto checks = check(context);
        if (!checks) {
            QTest::qFail(checks.error().text().c_str(), __FILE__, __LINE__);
            return {};
        }
        return *checks;
    }

    QTemporaryDir m_temporary{};
    SandboxProvider& m_sandboxes;
    std::string m_runId;
    FakeImageBuilder m_images{};
    FakeDeployer m_deployer{};
    MemoryJournal m_journal{};
    KeepingObserver m_observer{};
    Redactor m_redactor{};
};

} // namespace aap
