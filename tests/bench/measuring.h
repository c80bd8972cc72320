#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstdio>
#include <string>
#include <vector>

namespace aap {

/// How long `work` takes, in milliseconds.
double milliseconds(const auto& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

inline double median(std::vector<double> values)
{
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// A measurement of something that does not work says nothing: it ends the program.
template <typename T>
T worked(T result, const char* what)
{
    if (!result) {
        std::printf("%s failed: %s\n", what, result.error().text().c_str());
        std::exit(1);
    }
    return result;
}

} // namespace aap
