#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>

#include "core/sensor_bank.hpp"
#include "monitor/alarm.hpp"
#include "monitor/dashboard.hpp"

using namespace sensors;

namespace {

/// Prints each event as it happens.
class AlarmLog : public AlarmObserver {
public:
    void onAlarm(const AlarmEvent& event) override {
        const auto& [tick, sensor, rule, value] = event;
        std::cout << "  [" << std::setw(2) << tick << "] " << toString(rule.severity) << ": "
                  << sensor << ' ' << rule.name << (rule.active ? " raised" : " cleared") << " at "
                  << value << '\n';
    }
};

/// Counts how often each severity was raised.
struct AlarmCounter : public AlarmObserver {
    std::map<Severity, int> counts;

    void onAlarm(const AlarmEvent& event) override {
        if (event.rule.active) ++counts[event.rule.severity];
    }
};

/// A wave that climbs from low to high and falls back within a period.
Sensor::Source triangle(double low, double high, int period) {
    return [=](int tick) {
        const int distance = std::abs(tick % period - period / 2);
        return high - (high - low) * distance / (period / 2);
    };
}

void buildBank(SensorBank& bank) {
    bank.add("boiler", triangle(60, 96, 24)).filters().then<ExponentialFilter>(0.5);
    bank.add("pump", [wave = triangle(1, 3, 10)](int tick) {
            return tick % 7 == 3 ? 9.0 : wave(tick);
        }).filters().then<MedianFilter<3>>().then<ExponentialFilter>(0.8);
    bank.add("tank", [level = 100.0](int tick) mutable { return level += tick % 20 > 14 ? 9 : -4; });
}

}  // namespace

int main() {
    SensorBank bank;
    buildBank(bank);

    AlarmCenter alarms;
    alarms.watch("boiler", AlarmRule::above(80, Severity::Warning, 3));
    alarms.watch("boiler", AlarmRule::above(90, Severity::Critical));
    alarms.watch("tank", AlarmRule::below(60, Severity::Warning));
    AlarmLog log;
    AlarmCounter counter;
    alarms.subscribe(log);
    alarms.subscribe(counter);

    std::cout << std::fixed << std::setprecision(2);
    for (int tick = 0; tick < 48; ++tick) {
        if (tick == 40) alarms.unsubscribe(log);
        bank.sampleAll(tick, [&](const Sensor& sensor, double value) {
            alarms.check(tick, sensor.name(), value);
        });
        if (tick % 16 == 15) std::cout << "after " << tick + 1 << " ticks\n" << bank;
    }

    for (const auto& [severity, count] : counter.counts) {
        std::cout << toString(severity) << " raised " << count << " times\n";
    }
    std::cout << "recent median of boiler: " << median(bank["boiler"].history()) << '\n';
    try {
        std::cout << bank["valve"].name() << '\n';
    } catch (const std::out_of_range& error) {
        std::cout << "error: " << error.what() << '\n';
    }
}
