#include "../include/trellis/style.hpp"

#include <algorithm>
#include <cctype>

namespace trellis {

Style Style::aligned(Align value) const {
    Style copy = *this;
    copy.align = value;
    return copy;
}

Style Style::emphasized(Emphasis value) const {
    Style copy = *this;
    copy.emphasis = value;
    return copy;
}

std::string decorate(const std::string& text, const Style& style) {
    std::string result = text;
    if (style.emphasis == Emphasis::Upper) {
        std::transform(result.begin(), result.end(), result.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    } else if (style.emphasis == Emphasis::Underscored) {
        result = "_" + result + "_";
    }
    return result;
}

std::string place(const std::string& line, std::size_t width, const Style& style) {
    const std::size_t inner = width - 2 * style.padding;
    const std::size_t slack = inner > line.size() ? inner - line.size() : 0;
    std::size_t before = 0;
    if (style.align == Align::Right) {
        before = slack;
    } else if (style.align == Align::Center) {
        before = slack / 2;
    }
    const std::string margin(style.padding, ' ');
    return margin + std::string(before, ' ') + line + std::string(slack - before, ' ') + margin;
}

}  // namespace trellis
