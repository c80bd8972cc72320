#include "core/base/process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace aap {

void protectProcess()
{
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0); // cannot fail with this argument
}

} // namespace aap
