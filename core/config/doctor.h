#pragma once
#include <string>
#include "core/base/time.h"
namespace aap {
struct Finding { enum class Status { Ok, Warn, Fail }; std::string id{}; std::string title{}; Status status{}; std::string detail{}; std::string remedy{}; std::string fixCommand{}; Milliseconds duration{}; };
}
