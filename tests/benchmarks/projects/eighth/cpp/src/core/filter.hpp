#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ring_buffer.hpp"
#include "statistics.hpp"

namespace sensors {

/// Turns a raw sample into a smoothed one.
class Filter {
public:
    virtual ~Filter() = default;
    virtual double apply(double sample) = 0;
};

class ExponentialFilter final : public Filter {
public:
    explicit ExponentialFilter(double weight) : weight_(weight) {}

    double apply(double sample) override {
        const double before = state_.value_or(sample);
        state_ = before + weight_ * (sample - before);
        return *state_;
    }

private:
    double weight_;
    std::optional<double> state_;
};

/// Suppresses spikes that are shorter than half its window.
template <std::size_t Window>
class MedianFilter final : public Filter {
public:
    double apply(double sample) override {
        window_.push(sample);
        return median(window_);
    }

private:
    RingBuffer<double, Window> window_;
};

/// Runs its stages one after the other.
class FilterChain final : public Filter {
public:
    template <typename Stage, typename... Args>
    FilterChain& then(Args&&... args) {
        stages_.push_back(std::make_unique<Stage>(std::forward<Args>(args)...));
        return *this;
    }

    double apply(double sample) override {
        for (const auto& stage : stages_) sample = stage->apply(sample);
        return sample;
    }

private:
    std::vector<std::unique_ptr<Filter>> stages_;
};

}  // namespace sensors
