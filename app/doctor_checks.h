#pragma once

#include <stop_token>
#include <string>

#include "app/doctor.h"

namespace aap {

/// What one check says; the doctor makes a Finding of it.
struct Examined {
    Finding::Status status = Finding::Status::Ok;
    std::string detail{};
    std::string remedy{};
    std::string fixCommand{};
};

/// Each blocks until it has an answer or `stop` is requested. An Error is what stood in the way; what that means for a run is said
/// by the list of checks in doctor.cpp.
using Look = Result<Examined> (*)(const DoctorParts& parts, const std::stop_token& stop);

// Of the provider.
Result<Examined> checkKey(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkModels(const DoctorParts& parts, const std::stop_token& stop);

// Of the engine.
Result<Examined> checkEngine(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkNetwork(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkImage(const DoctorParts& parts, const std::stop_token& stop);

/// Whether sandboxes without an engine can be had, where the settings want or allow them.
Result<Examined> checkLocalRooms(const DoctorParts& parts, const std::stop_token& stop);

// Of this machine. Nothing is made or changed but the journal, which is made when it is missing.
Result<Examined> checkDisk(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkMemory(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkKeychain(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkWorkspace(const DoctorParts& parts, const std::stop_token& stop);
Result<Examined> checkJournal(const DoctorParts& parts, const std::stop_token& stop);

/// Judged by the scarcest: less than 1 GB fails, less than 5 GB warns. For checkDisk and tests.
Examined diskVerdict(const std::string& folder, std::uintmax_t freeBytes);
/// Whether a sandbox finds its memory; both in MB.
Examined memoryVerdict(std::uintmax_t freeMb, std::uintmax_t neededMb);

/// The engine's own folder, when it is a folder of this machine; else empty.
std::filesystem::path engineFolder(const DoctorParts& parts, const std::stop_token& stop);

} // namespace aap
