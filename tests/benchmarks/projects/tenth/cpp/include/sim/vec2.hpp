#pragma once

#include <cmath>
#include <ostream>

namespace sim {

/// A vector in the plane.
struct Vec2 {
    double x = 0.0;
    double y = 0.0;

    Vec2& operator+=(Vec2 o) { x += o.x; y += o.y; return *this; }
    Vec2& operator-=(Vec2 o) { x -= o.x; y -= o.y; return *this; }
    Vec2& operator*=(double s) { x *= s; y *= s; return *this; }

    double length() const { return std::sqrt(x * x + y * y); }

    /// The unit vector in the same direction, along x for the null vector.
    Vec2 normalized() const {
        const double len = length();
        return len > 0.0 ? Vec2{x / len, y / len} : Vec2{1.0, 0.0};
    }
};

inline Vec2 operator+(Vec2 a, Vec2 b) { return a += b; }
inline Vec2 operator-(Vec2 a, Vec2 b) { return a -= b; }
inline Vec2 operator-(Vec2 a) { return {-a.x, -a.y}; }
inline Vec2 operator*(Vec2 a, double s) { return a *= s; }
inline Vec2 operator*(double s, Vec2 a) { return a *= s; }
inline double dot(Vec2 a, Vec2 b) { return a.x * b.x + a.y * b.y; }
inline double cross(Vec2 a, Vec2 b) { return a.x * b.y - a.y * b.x; }

inline std::ostream& operator<<(std::ostream& out, Vec2 v) {
    return out << '(' << v.x << ", " << v.y << ')';
}

}  // namespace sim
