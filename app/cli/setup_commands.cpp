#include "app/cli/setup_commands.h"
namespace aap {
int initCommand(const Options&) { return 1; }
int doctorCommand(const Options&, const Composition&, const std::stop_token&) { return 1; }
}
