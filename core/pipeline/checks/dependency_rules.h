#pragma once

#include <string_view>
#include <vector>

#include "core/base/beneath.h"
#include "core/pipeline/checks/test_rules.h"

namespace aap {

/// Everything that the project's manifests ask for, a place each. "high": it comes from an address or from outside of the project instead of
/// a registry. "medium": any version may come. "info": what is well. `repo` is the project's folder.
std::vector<ScanHit> dependencyHits(const Folder& repo);
/// Of one manifest.
std::vector<ScanHit> dependencyHitsOf(const std::string& path, std::string_view text);

/// What an image has installed, as packageListScript() lists it. "high": a program that lets others in, gives rights away or speaks to an
/// engine, which no deployed service needs. "info": everything else.
std::vector<ScanHit> imagePackageHits(std::string_view packageList);

} // namespace aap
