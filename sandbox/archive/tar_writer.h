#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/base/beneath.h"
#include "core/base/result.h"

namespace aap {

struct TarOptions {
    std::pair<unsigned, unsigned> owner{0, 0}; ///< uid and gid of every entry
    bool dockerignore = false;                 ///< obey the folder's .dockerignore; that file and `keep` are sent anyhow
    std::string keep{};                        ///< a path that no rule removes: the Dockerfile
    std::uint64_t mostBytes = 2ULL << 30U;
    std::size_t mostEntries = 200'000;
};

/// A tar of a folder that foreign code wrote, made piece by piece in little memory. Regular files, folders, and links that cannot
/// leave the folder; without setuid, setgid and sticky bits; sorted by name, so that the same tree gives the same order.
/// What is refused is left out and listed. Used by one thread at a time.
class TarWriter {
public:
    /// Lists the tree. Errors: Limit (too many entries or bytes), Invalid (.dockerignore), Stopped, and what Folder says.
    static Result<TarWriter> open(Folder folder, TarOptions options, const std::stop_token& stop);
    TarWriter(TarWriter&&) noexcept;
    TarWriter& operator=(TarWriter&&) noexcept;
    ~TarWriter();

    /// The next piece, some 64 KiB; empty at the end. Files are read now, so this may fail as reading does.
    Result<std::string> next();
    /// "path: why", at most 200; complete at the end.
    const std::vector<std::string>& leftOut() const;
    std::size_t entries() const;

    /// As DockerRequest::bodyPieces wants it. `writer` lives as long as the function.
    static std::function<Result<std::string>()> pieces(std::shared_ptr<TarWriter> writer);

private:
    struct State;
    explicit TarWriter(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace aap
