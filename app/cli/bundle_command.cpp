#include "app/cli/bundle_command.h"

#include <fmt/format.h>

#include "app/cli/known_run.h"
#include "app/cli/printable.h"
#include "core/store/bundle.h"

namespace aap {
namespace {

/// Whether it is the key of whoever asks; a key is not made for that.
bool isOwnKey(const std::string& publicKey, const std::filesystem::path& keyFile)
{
    std::error_code failed;
    if (!std::filesystem::exists(keyFile, failed))
        return false;
    const auto own = SigningKey::open(keyFile);
    return own && own->publicKey() == publicKey;
}

std::string keyWords(const BundleVerification& found, bool isOwn)
{
    if (!found.isSigned)
        return "The signature is NOT good: the list of files was changed, or was never signed.";
    return fmt::format("Signed with the key {}{}", fingerprintOf(found.publicKey), isOwn ? ", which is yours." : ". Ask whoever sent it whether that is theirs.");
}

} // namespace

int bundleCommand(const Options& options, Journal& journal, const std::filesystem::path& keyFile, std::ostream& out, std::ostream& err)
{
    if (options.runId.empty() || options.target.empty())
        return refused(Error{ErrorCode::Invalid, "name the run and the file to make", {}, "agent-pipeline bundle ID --to FILE.zip"}, err);
    const auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    if (!run->state.ending || run->state.started.output.empty())
        return refused(Error{ErrorCode::Invalid, fmt::format("run {} has not ended", run->state.id), {}, "Only a run that has ended can be bundled; 'resume' carries it on."}, err);
    const auto key = SigningKey::open(keyFile);
    if (!key)
        return refused(key.error(), err);
    const auto count = writeBundle({.output = run->state.started.output, .runId = run->state.id, .title = run->state.started.title, .target = options.target}, *key);
    if (!count)
        return refused(count.error(), err);
    if (options.json)
        writeLine(out, {{"run_id", run->state.id}, {"bundle", options.target}, {"files", *count}, {"key", key->publicKey()}, {"fingerprint", fingerprintOf(key->publicKey())}});
    else
        out << fmt::format("{} file(s) in {}, signed with the key {}\n", *count, printable(options.target), fingerprintOf(key->publicKey()));
    return run->exitCode;
}

int verifyBundleCommand(const Options& options, const std::filesystem::path& keyFile, std::ostream& out, std::ostream& err)
{
    const auto found = verifyBundle(options.target);
    if (!found)
        return refused(found.error(), err);
    const bool isOwn = isOwnKey(found->publicKey, keyFile);
    const auto& files = found->files;
    if (options.json) {
        writeLine(out, {{"good", found->isGood()}, {"run_id", found->runId}, {"signed", found->isSigned}, {"key", found->publicKey}, {"fingerprint", fingerprintOf(found->publicKey)},
                        {"own_key", isOwn}, {"files_intact", files.intact}, {"changed", files.changed}, {"missing", files.missing}, {"extra", files.extra}});
    } else {
        listDifferences(files, out);
        out << fmt::format("Run {}: {} file(s) are as listed{}\n{}\n", cell(found->runId, 100), files.intact, files.isIntact() ? ", nothing else is there." : "; the others stand above.",
                           keyWords(*found, isOwn));
    }
    return found->isGood() ? 0 : exitCode(RunEnding::Failed);
}

} // namespace aap
