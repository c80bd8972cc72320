#pragma once

#include <string_view>

#include "core/agent/tool.h"

namespace aap {

/// Each adds the tools of one family. `host` decides which of the deploy-class ones there are.
void addReadingTools(Toolbox& tools); ///< read_file, list_directory
void addWritingTools(Toolbox& tools); ///< write_file
void addEditingTools(Toolbox& tools); ///< edit_file
void addSearchTool(Toolbox& tools);
void addCommandTools(Toolbox& tools); ///< run_command, command_output
void addPlanTool(Toolbox& tools);
void addDependencyTool(Toolbox& tools);   ///< analyze_dependencies
void addArchitectureTools(Toolbox& tools); ///< create_architecture_doc
void addTestRunTool(Toolbox& tools);      ///< run_tests
void addDevServerTool(Toolbox& tools);    ///< start_dev_server
void addLintTool(Toolbox& tools, std::string_view name); ///< lint_code or run_linter: one thing with two names
void addQualityTools(Toolbox& tools);     ///< run_coverage, run_performance_test
void addSecurityScanTool(Toolbox& tools);
void addBuildTool(Toolbox& tools);        ///< run_build
void addDeploymentTools(Toolbox& tools, const HostActions& host);
void addMonitoringTools(Toolbox& tools, const HostActions& host);

} // namespace aap
