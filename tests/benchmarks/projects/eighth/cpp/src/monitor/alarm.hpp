#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace sensors {

enum class Severity { Warning, Critical };

inline const char* toString(Severity severity) {
    return severity == Severity::Critical ? "critical" : "warning";
}

/// A condition that must hold for a number of ticks in a row before it is raised.
struct AlarmRule {
    std::string name;
    Severity severity;
    std::function<bool(double)> condition;
    int patience;
    int streak = 0;
    bool active = false;

    static AlarmRule above(int limit, Severity severity, int patience = 1);
    static AlarmRule below(int limit, Severity severity, int patience = 1);

    /// Feeds a value; true if the rule was raised or cleared by it.
    bool update(double value);
};

struct AlarmEvent {
    int tick;
    const std::string& sensor;
    const AlarmRule& rule;
    double value;
};

class AlarmObserver {
public:
    virtual ~AlarmObserver() = default;
    virtual void onAlarm(const AlarmEvent& event) = 0;
};

/// Checks values against the rules and notifies the observers of changes.
class AlarmCenter {
public:
    void watch(const std::string& sensor, AlarmRule rule) { rules_[sensor].push_back(rule); }
    void subscribe(AlarmObserver& observer) { observers_.push_back(&observer); }
    void unsubscribe(AlarmObserver& observer);
    void check(int tick, const std::string& sensor, double value);

private:
    std::map<std::string, std::vector<AlarmRule>> rules_;
    std::vector<AlarmObserver*> observers_;
};

}  // namespace sensors
