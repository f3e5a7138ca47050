#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trellis {

/// The characters that frame a table; a border draws horizontal rules.
class Border {
public:
    virtual ~Border() = default;

    virtual std::string rule(const std::vector<std::size_t>& widths, bool heavy) const = 0;
    virtual std::string edge() const { return "|"; }
};

/// A frame drawn with plus signs, dashes and bars.
class BoxBorder : public Border {
public:
    std::string rule(const std::vector<std::size_t>& widths, bool heavy) const override {
        std::string line = "+";
        for (std::size_t width : widths) {
            line += std::string(width, heavy ? '=' : '-') + "+";
        }
        return line;
    }
};

/// Only a line below the heading, as in a plain listing.
class OpenBorder : public Border {
public:
    std::string rule(const std::vector<std::size_t>& widths, bool heavy) const override {
        std::string line;
        for (std::size_t width : widths) {
            line += " " + std::string(heavy ? width : 0, '-');
        }
        return heavy ? line : "";
    }

    std::string edge() const override { return " "; }
};

}  // namespace trellis
