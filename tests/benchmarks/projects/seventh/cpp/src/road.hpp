#pragma once

#include <algorithm>
#include <ostream>

namespace planner {

enum class Surface { Motorway, Paved, Gravel };

inline int speed(Surface surface) {
    switch (surface) {
        case Surface::Motorway: return 120;
        case Surface::Paved: return 60;
        default: return 30;
    }
}

/// A stretch of road; it is the weight of an edge in the road map.
struct Road {
    int km = 0;
    Surface surface = Surface::Motorway;

    int minutes() const { return km * 60 / speed(surface); }
};

/// Two roads in a row are as bad as the worse of the two.
inline Road operator+(const Road& a, const Road& b) {
    return {a.km + b.km, std::max(a.surface, b.surface)};
}

inline bool operator<(const Road& a, const Road& b) { return a.km < b.km; }

inline std::ostream& operator<<(std::ostream& out, const Road& road) {
    return out << road.km << " km at " << speed(road.surface) << " km/h";
}

}  // namespace planner
