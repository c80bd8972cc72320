// Feeds a fuzz target with the files of its corpus and with seeded random changes of them: what libFuzzer does, without its
// coverage. Usage: fuzz_NAME SECONDS CORPUS_FOLDER [SEED]. The input that crashed it is left in "crash-input".
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

using namespace std::string_view_literals;

namespace {

constexpr std::size_t kLongest = 1U << 16U;
std::string current; // what the target is fed right now; read by the signal handler

extern "C" void saveInput(int signal)
{
    const int fd = ::open("crash-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0 && ::write(fd, current.data(), current.size()) >= 0)
        ::close(fd);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

std::vector<std::string> readCorpus(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path());
    std::ranges::sort(files); // the same order everywhere, so that a seed means the same
    std::vector<std::string> corpus;
    for (const auto& file : files) {
        std::ifstream stream(file, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    }
    return corpus;
}

class Mutator {
public:
    Mutator(std::vector<std::string> corpus, unsigned seed) : m_corpus(std::move(corpus)), m_random(seed) {}

    std::string next()
    {
        auto text = m_corpus[below(m_corpus.size())];
        for (auto changes = 1 + below(6); changes > 0; --changes)
            change(text);
        text.resize(std::min(text.size(), kLongest));
        return text;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : m_random() % bound; }
    char interestingByte()
    {
        constexpr auto marks = "\0\xff\x7f\x80\r\n:;{}[]\",\\ 0-f"sv;
        return below(2) == 0 ? marks[below(marks.size())] : char(below(256));
    }
    void change(std::string& text)
    {
        const auto at = below(text.size() + 1);
        const auto length = std::min(below(16), text.size() - at);
        switch (below(6)) {
        case 0:
            text.insert(at, 1, interestingByte());
            break;
        case 1:
            text.erase(at, length);
            break;
        case 2:
            text.insert(at, text.substr(at, length));
            break;
        case 3:
            text.resize(at);
            break;
        case 4: {
            const auto& other = m_corpus[below(m_corpus.size())];
            text.insert(at, other.substr(below(other.size()), below(64)));
            break;
        }
        default:
            if (at < text.size())
                text[at] = interestingByte();
        }
    }

    std::vector<std::string> m_corpus;
    std::mt19937 m_random;
};

void feed(std::string text)
{
    current = std::move(text);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(current.data()), current.size());
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "usage: %s SECONDS CORPUS_FOLDER [SEED]\n", argv[0]);
        return 2;
    }
    const auto seed = argc > 3 ? unsigned(std::strtoul(argv[3], nullptr, 10)) : 1U;
    const auto corpus = readCorpus(argv[2]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s is empty\n", argv[2]);
        return 2;
    }
    for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL})
        std::signal(signal, saveInput);
    for (const auto& text : corpus)
        feed(text);
    Mutator mutator(corpus, seed);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::strtol(argv[1], nullptr, 10));
    unsigned long runs = 0;
    for (; std::chrono::steady_clock::now() < end; ++runs)
        feed(mutator.next());
    std::printf("%lu inputs, seed %u: no crash\n", runs, seed);
    return 0;
}
