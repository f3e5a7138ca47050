#pragma once

#include <algorithm>
#include <iomanip>
#include <map>
#include <ostream>
#include <string>
#include <vector>

namespace sim {

/// Keeps named series of samples and prints what they ranged over.
template <typename T>
class Recorder {
public:
    void sample(const std::string& series, T value) { series_[series].push_back(value); }

    void summarize(std::ostream& out) const {
        for (const auto& [name, values] : series_) {
            const auto [low, high] = std::minmax_element(values.begin(), values.end());
            out << "  " << std::left << std::setw(10) << name << std::right << values.size()
                << " samples, min " << *low << ", max " << *high << ", last " << values.back() << '\n';
        }
    }

private:
    std::map<std::string, std::vector<T>> series_;
};

}  // namespace sim
