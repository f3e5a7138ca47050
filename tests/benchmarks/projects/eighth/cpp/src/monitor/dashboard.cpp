#include "dashboard.hpp"

#include <iomanip>

namespace sensors {

static std::string chart(const Sensor& sensor) {
    static const std::string levels = "_.-=+*#";
    const Statistics& stats = sensor.statistics();
    const double span = stats.max() - stats.min();
    std::string strip;
    for (double value : sensor.history()) {
        const double share = span > 0 ? (value - stats.min()) / span : 0.0;
        strip += levels[static_cast<std::size_t>(share * (levels.size() - 1) + 0.5)];
    }
    return strip;
}

std::ostream& operator<<(std::ostream& out, const SensorBank& bank) {
    out << "sensor     value     min    mean     max     dev  history\n";
    for (const auto& sensor : bank) {
        const Statistics& stats = sensor->statistics();
        out << std::left << std::setw(8) << sensor->name() << std::right;
        for (double number : {sensor->history().back(), stats.min(), stats.mean(), stats.max(),
                              stats.deviation()}) {
            out << std::setw(8) << number;
        }
        out << "  " << chart(*sensor) << '\n';
    }
    return out;
}

}  // namespace sensors
