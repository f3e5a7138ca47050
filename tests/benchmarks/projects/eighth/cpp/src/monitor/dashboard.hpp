#pragma once

#include <ostream>

#include "../core/sensor_bank.hpp"

namespace sensors {

/// Prints a table with a strip chart for each sensor.
std::ostream& operator<<(std::ostream& out, const SensorBank& bank);

}  // namespace sensors
