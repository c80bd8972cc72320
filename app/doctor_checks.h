#pragma once

#include <stop_token>
#include <string>

#include "app/doctor.h"

namespace aap {

/// What one check says; the doctor makes a Finding of it.
struct Verdict {
    Finding::Status status = Finding::Status::Ok;
    std::string detail{};
    std::string remedy{};
    std::string fixCommand{};
};

/// Each blocks until it has an answer or `stop` is requested. An Error is what stood in the way; what that means for a run is said
/// by the list of checks in doctor.cpp.
using Look = Result<Verdict> (*)(const DoctorParts& parts, const std::stop_token& stop);

// Of the provider.
Result<Verdict> checkKey(const DoctorParts& parts, const std::stop_token& stop);
Result<Verdict> checkModels(const DoctorParts& parts, const std::stop_token& stop);

// Of the engine.
Result<Verdict> checkEngine(const DoctorParts& parts, const std::stop_token& stop);
Result<Verdict> checkImage(const DoctorParts& parts, const std::stop_token& stop);

// Of this machine. Nothing is made or changed but the journal, which is made when it is missing.
Result<Verdict> checkDisk(const DoctorParts& parts, const std::stop_token& stop);
Result<Verdict> checkMemory(const DoctorParts& parts, const std::stop_token& stop);
Result<Verdict> checkKeychain(const DoctorParts& parts, const std::stop_token& stop);
Result<Verdict> checkWorkspace(const DoctorParts& parts, const std::stop_token& stop);
Result<Verdict> checkJournal(const DoctorParts& parts, const std::stop_token& stop);

/// Judged by the scarcest: less than 1 GB fails, less than 5 GB warns. For checkDisk and tests.
Verdict diskVerdict(const std::string& folder, std::uintmax_t freeBytes);
/// Whether a sandbox finds its memory; both in MB.
Verdict memoryVerdict(std::uintmax_t freeMb, std::uintmax_t neededMb);

/// The engine's own folder, when it is a folder of this machine; else empty.
std::filesystem::path engineFolder(const DoctorParts& parts, const std::stop_token& stop);

} // namespace aap
