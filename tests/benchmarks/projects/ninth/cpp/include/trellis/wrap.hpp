#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trellis {

using Lines = std::vector<std::string>;

/// Breaks a text into lines of at most `width` characters.
class Wrapper {
public:
    explicit Wrapper(std::size_t width);

    Lines wrap(const std::string& text);

private:
    void push(std::string word);
    void flush();

    std::size_t width_;
    std::string current_;
    Lines lines_;
};

/// The length of the longest of a number of lines.
std::size_t widest(const Lines& lines);

}  // namespace trellis
