#pragma once

#include <cstddef>
#include <functional>
#include <ostream>

namespace tiles {
struct Point {
    int x = 0;
    int y = 0;

    Point& operator+=(const Point& other) {
        x += other.x;
        y += other.y;
        return *this;
    }
    friend Point operator+(Point a, const Point& b) { return a += b; }
    friend Point operator-(const Point& a, const Point& b) { return {a.x - b.x, a.y - b.y}; }
    friend bool operator==(const Point& a, const Point& b) { return a.x == b.x && a.y == b.y; }
    friend std::ostream& operator<<(std::ostream& out, const Point& p) {
        return out << '(' << p.x << ", " << p.y << ')';
    }
};

struct Size {
    int width = 0;
    int height = 0;
};

struct PointHash {
    std::size_t operator()(const Point& p) const {
        return std::hash<int>{}(p.x) * 31u + std::hash<int>{}(p.y);
    }
};
}  // namespace tiles
