#pragma once

#include <cstddef>
#include <string>

namespace trellis {

enum class Align { Left, Center, Right };

enum class Emphasis { None, Upper, Underscored };

/// How the text of a cell is presented.
struct Style {
    Align align = Align::Left;
    Emphasis emphasis = Emphasis::None;
    std::size_t padding = 1;

    Style aligned(Align value) const;
    Style emphasized(Emphasis value) const;
};

/// Applies the emphasis of a style to a text.
std::string decorate(const std::string& text, const Style& style);

/// Fits a line into `width` columns, including the padding on both sides.
std::string place(const std::string& line, std::size_t width, const Style& style);

}  // namespace trellis
