#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace sensors {

/// Running mean and variance after Welford.
class Statistics {
public:
    Statistics& operator<<(double value) {
        ++count_;
        const double delta = value - mean_;
        mean_ += delta / count_;
        squares_ += delta * (value - mean_);
        min_ = std::min(min_, value);
        max_ = std::max(max_, value);
        return *this;
    }

    double mean() const { return mean_; }
    double min() const { return min_; }
    double max() const { return max_; }
    double deviation() const { return count_ < 2 ? 0.0 : std::sqrt(squares_ / (count_ - 1)); }

private:
    int count_ = 0;
    double mean_ = 0.0;
    double squares_ = 0.0;
    double min_ = std::numeric_limits<double>::infinity();
    double max_ = -std::numeric_limits<double>::infinity();
};

/// Middle value of a range that is not empty; the upper one if the count is even.
template <typename Range>
double median(const Range& values) {
    std::vector<double> sorted;
    for (double value : values) sorted.push_back(value);
    const auto middle = sorted.begin() + sorted.size() / 2;
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
}

}  // namespace sensors
