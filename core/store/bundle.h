#pragma once

#include <filesystem>
#include <string>

#include "core/store/output_folder.h"
#include "core/store/signing_key.h"

namespace aap {

/// A run to hand on: one ZIP file with its output folder (events, workspace, reports, transcripts; not the snapshots), an SBOM of what
/// the project's manifests declare in `reports/sbom.cdx.json`, BUNDLE.json with the SHA-256 of every file, and BUNDLE.sig.json with an Ed25519 signature of that
/// list and the public key. Everything lies below one folder of the run's id.
struct BundleWish {
    std::filesystem::path output{}; ///< pipeline_output/<run id>, of a run that has ended
    std::string runId{};
    std::string title{};
    std::filesystem::path target{}; ///< a file that is not there yet
};

/// Returns how many files the list names. Invalid: the output folder is not as its manifest says, or the target is there already.
Result<std::size_t> writeBundle(const BundleWish& wish, const SigningKey& key);

/// What is in a bundle, compared with its own list; nothing is unpacked. It is to be trusted when the files are intact and the signature
/// is good, and no more than the owner of the key is.
struct BundleVerification {
    std::string runId{};
    Verification files{};
    bool isSigned = false;     ///< the signature is that of the key it names, over this very list
    std::string publicKey{};   ///< Base64, as it stands there

    bool isGood() const { return isSigned && files.isIntact(); }
};
/// Invalid: it is no bundle, or one with more than 200 000 files, or larger than 64 GiB.
Result<BundleVerification> verifyBundle(const std::filesystem::path& file);

} // namespace aap
