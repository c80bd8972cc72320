#include "app/cli/bundle_command.h"

#include <fmt/format.h>

#include "app/cli/known_run.h"
#include "app/cli/printable.h"
#include "core/store/bundle.h"
#include "core/store/import_bundle.h"

namespace aap {
namespace {

/// Whether it is the key of whoever asks.
bool isOwnKey(const std::string& publicKey, const std::filesystem::path& keyFile)
{
    const auto own = SigningKey::publicKeyIn(keyFile);
    return own && *own == publicKey;
}

std::string signedWords(const std::string& publicKey, bool isOwn)
{
    return fmt::format("Signed with the key {}{}", fingerprintOf(publicKey), isOwn ? ", which is yours." : ". Ask whoever sent it whether that is theirs.");
}

std::string keyWords(const BundleVerification& found, bool isOwn)
{
    if (!found.isSigned)
        return "The signature is NOT good: the list of files was changed, or was never signed.";
    return signedWords(found.publicKey, isOwn);
}

} // namespace

int bundleCommand(const Options& options, Journal& journal, const KeyPlace& place, std::ostream& out, std::ostream& err)
{
    if (options.runId.empty() || options.target.empty())
        return refused(Error{ErrorCode::Invalid, "name the run and the file to make", {}, "agent-pipeline bundle ID --to FILE.zip"}, err);
    const auto run = knownRun(options.runId, journal, err);
    if (!run)
        return refused(run.error(), err);
    if (!run->state.ending || run->state.started.output.empty())
        return refused(Error{ErrorCode::Invalid, fmt::format("run {} has not ended", run->state.id), {}, "Only a run that has ended can be bundled; 'resume' carries it on."}, err);
    if (!run->state.started.signedBy.empty())
        return refused(Error{ErrorCode::Invalid, fmt::format("run {} was imported, and is not yours to sign", run->state.id), {}, "Hand on the bundle that it came in."}, err);
    const auto key = SigningKey::open(place.file, place.keychain);
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

int importCommand(const Options& options, Journal& journal, const std::filesystem::path& into, const std::filesystem::path& keyFile, const std::stop_token& stop,
                  std::ostream& out, std::ostream& err)
{
    const auto imported = importBundle({.bundle = options.target, .into = into}, journal, stop);
    if (!imported)
        return refused(imported.error(), err);
    const bool isOwn = isOwnKey(imported->publicKey, keyFile);
    if (options.json)
        writeLine(out, {{"run_id", imported->runId}, {"files", imported->files}, {"key", imported->publicKey}, {"fingerprint", fingerprintOf(imported->publicKey)}, {"own_key", isOwn}});
    else
        out << fmt::format("Imported run {}: {} file(s). It can be shown, compared, replayed and exported, but not carried on.\n{}\n", imported->runId, imported->files,
                           signedWords(imported->publicKey, isOwn));
    return 0;
}

} // namespace aap
