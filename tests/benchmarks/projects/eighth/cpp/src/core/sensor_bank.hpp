#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "filter.hpp"

namespace sensors {

/// A named signal with its filters, recent history and lifetime statistics.
class Sensor {
public:
    using Source = std::function<double(int tick)>;
    using History = RingBuffer<double, 24>;

    Sensor(std::string name, Source source) : name_(std::move(name)), source_(std::move(source)) {}

    /// Reads the source once and returns the filtered value.
    double sample(int tick) {
        const double value = filters_.apply(source_(tick));
        history_.push(value);
        statistics_ << value;
        return value;
    }

    FilterChain& filters() { return filters_; }
    const std::string& name() const { return name_; }
    const History& history() const { return history_; }
    const Statistics& statistics() const { return statistics_; }

private:
    std::string name_;
    Source source_;
    FilterChain filters_;
    History history_;
    Statistics statistics_;
};

/// Owns the sensors and samples them in order.
class SensorBank {
public:
    Sensor& add(std::string name, Sensor::Source source) {
        sensors_.push_back(std::make_unique<Sensor>(std::move(name), std::move(source)));
        return *sensors_.back();
    }

    const Sensor& operator[](const std::string& name) const {
        for (const auto& sensor : sensors_) {
            if (sensor->name() == name) return *sensor;
        }
        throw std::out_of_range("no sensor named " + name);
    }

    /// Samples every sensor and hands each value to the visitor.
    template <typename Visitor>
    void sampleAll(int tick, Visitor&& visit) {
        for (auto& sensor : sensors_) visit(*sensor, sensor->sample(tick));
    }

    auto begin() const { return sensors_.begin(); }
    auto end() const { return sensors_.end(); }

private:
    std::vector<std::unique_ptr<Sensor>> sensors_;
};

}  // namespace sensors
