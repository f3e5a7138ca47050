#pragma once
#include <cstddef>
#include <ostream>

namespace typeset {
/// A distance in scaled points; one point is `Length::unit` of them.
class Length {
public:
    static constexpr long unit = 64;

    constexpr Length() = default;
    static constexpr Length from_points(double points) { return Length(static_cast<long>(points * unit)); }

    constexpr double points() const { return static_cast<double>(value_) / unit; }
    constexpr explicit operator bool() const { return value_ != 0; }

    constexpr Length& operator+=(Length other) {
        value_ += other.value_;
        return *this;
    }
    constexpr Length operator-() const { return Length(-value_); }

    friend constexpr Length operator+(Length a, Length b) { return a += b; }
    friend constexpr Length operator-(Length a, Length b) { return a + -b; }
    friend constexpr Length operator*(Length a, double factor) { return from_points(a.points() * factor); }
    friend constexpr double operator/(Length a, Length b) { return a.points() / b.points(); }
    friend constexpr bool operator<(Length a, Length b) { return a.value_ < b.value_; }
    friend constexpr bool operator==(Length a, Length b) { return a.value_ == b.value_; }
    friend std::ostream& operator<<(std::ostream& out, Length length);

private:
    constexpr explicit Length(long value) : value_(value) {}
    long value_ = 0;
};

inline namespace literals {
constexpr Length operator""_pt(long double points) {
    return Length::from_points(static_cast<double>(points));
}
constexpr Length operator""_pt(unsigned long long points) {
    return Length::from_points(static_cast<double>(points));
}
}  // namespace literals

/// Three lengths that add up together.
struct Glue {
    Length width, stretch, shrink;

    Glue& operator+=(const Glue& other) {
        width += other.width;
        stretch += other.stretch;
        shrink += other.shrink;
        return *this;
    }
};

template <typename T, typename Range, typename Get>
T total(const Range& range, Get get, T start = {}) {
    for (const auto& item : range) start += get(item);
    return start;
}

template <typename... Lengths>
constexpr Length max(Length first, Lengths... rest) {
    if constexpr (sizeof...(rest) == 0) {
        return first;
    } else {
        const Length other = max(rest...);
        return first < other ? other : first;
    }
}
}  // namespace typeset
