#include "../include/typeset/style.hpp"
#include <iomanip>
#include <numeric>

namespace typeset {
std::ostream& operator<<(std::ostream& out, Length length) {
    return out << std::fixed << std::setprecision(1) << length.points() << "pt";
}

std::string_view name(Align align) {
    switch (align) {
#define TYPESET_CASE(name) \
    case Align::name: return #name;
        TYPESET_ALIGNMENTS(TYPESET_CASE)
#undef TYPESET_CASE
    }
    return "?";
}

namespace {
constexpr std::string_view narrow = "fijlrt.,-";
constexpr double factor(char c) {
    for (char other : narrow)
        if (other == c) return 0.35;
    return c == 'm' || c == 'w' ? 0.75 : 0.5;
}
}  // namespace

Length Font::width(char c) const { return size_ * factor(c); }

Length Font::width(std::string_view text) const {
    return std::accumulate(text.begin(), text.end(), Length{},
                           [this](Length sum, char c) { return sum + width(c); });
}
}  // namespace typeset
