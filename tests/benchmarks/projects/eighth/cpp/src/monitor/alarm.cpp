#include "alarm.hpp"

#include <algorithm>
#include <utility>

namespace sensors {

AlarmRule AlarmRule::above(int limit, Severity severity, int patience) {
    return {"above " + std::to_string(limit), severity, [=](double v) { return v > limit; }, patience};
}

AlarmRule AlarmRule::below(int limit, Severity severity, int patience) {
    return {"below " + std::to_string(limit), severity, [=](double v) { return v < limit; }, patience};
}

bool AlarmRule::update(double value) {
    streak = condition(value) ? streak + 1 : 0;
    const bool before = std::exchange(active, streak >= patience);
    return before != active;
}

void AlarmCenter::unsubscribe(AlarmObserver& observer) {
    const auto kept = std::remove(observers_.begin(), observers_.end(), &observer);
    observers_.erase(kept, observers_.end());
}

void AlarmCenter::check(int tick, const std::string& sensor, double value) {
    for (auto& rule : rules_[sensor]) {
        if (!rule.update(value)) continue;
        for (auto* observer : observers_) observer->onAlarm({tick, sensor, rule, value});
    }
}

}  // namespace sensors
