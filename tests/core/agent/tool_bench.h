#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <QTemporaryDir>

#include "core/agent/tool_input.h"
#include "core/base/beneath.h"
#include "tests/support/fake_sandbox.h"

namespace aap {

/// A stage's tools on a workspace in a temporary folder and a scripted sandbox; calls go the way a dialogue sends them.
class ToolBench {
public:
    explicit ToolBench(StageId stage, const HostActions& host = {}) : tools(makeToolbox(stage, host)), context(contextFor(stage, host)) {}

    /// What the model reads. An Error of the tool is thrown: no test here expects one.
    ToolOutcome call(const std::string& name, const Json& input)
    {
        auto* tool = findTool(tools, name);
        if (tool == nullptr)
            throw std::runtime_error("there is no tool " + name);
        const auto checked = checkedInput(tool->definition(), input);
        if (!checked)
            return ToolOutcome::error(checked.error().detail);
        auto outcome = tool->run(*checked, context);
        if (!outcome)
            throw std::runtime_error(outcome.error().text());
        return *std::move(outcome);
    }

    std::filesystem::path path(const std::string& beneath) const { return std::filesystem::path(m_folder.path().toStdString()) / beneath; }
    void put(const std::string& path, std::string_view content) { (void)!workspace->write("repo/" + path, content); }
    std::string text(const std::string& path) const { return workspace->read("repo/" + path).value_or("(absent)"); }

private:
    ToolContext contextFor(StageId stage, const HostActions& host)
    {
        workspace = std::make_unique<Folder>(*Folder::open(m_folder.path().toStdString()));
        (void)!workspace->makeFolder("repo");
        return {.stage = stage, .sandbox = sandbox, .workspace = *workspace, .host = host, .callId = "toolu_1"};
    }

    QTemporaryDir m_folder;

public:
    std::shared_ptr<SandboxScript> script = std::make_shared<SandboxScript>();
    FakeSandbox sandbox{script};
    std::unique_ptr<Folder> workspace;
    Toolbox tools;
    ToolContext context;
};

} // namespace aap
