#include <CLI/CLI.hpp>

int main(int argc, char** argv)
{
    CLI::App program("Turns requirements into a tested, deployed, monitored project", "agent-pipeline");
    program.set_version_flag("--version", "agent-pipeline " AAP_VERSION);
    CLI11_PARSE(program, argc, argv);
    return 0;
}
