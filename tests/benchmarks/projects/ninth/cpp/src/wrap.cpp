#include "../include/trellis/wrap.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

namespace trellis {

Wrapper::Wrapper(std::size_t width) : width_(width) {}

Lines Wrapper::wrap(const std::string& text) {
    lines_.clear();
    std::istringstream paragraphs(text);
    for (std::string paragraph; std::getline(paragraphs, paragraph);) {
        std::istringstream words(paragraph);
        for (std::string word; words >> word;) {
            push(std::move(word));
        }
        flush();
    }
    return std::move(lines_);
}

void Wrapper::push(std::string word) {
    if (!current_.empty() && current_.size() + 1 + word.size() > width_) {
        flush();
    }
    // A word that is longer than a line is split with a hyphen.
    while (word.size() > width_ && width_ > 1) {
        lines_.push_back(word.substr(0, width_ - 1) + "-");
        word.erase(0, width_ - 1);
    }
    if (!current_.empty()) {
        current_ += ' ';
    }
    current_ += word;
}

void Wrapper::flush() {
    lines_.push_back(std::exchange(current_, {}));
}

std::size_t widest(const Lines& lines) {
    std::size_t result = 0;
    for (const auto& line : lines) {
        result = std::max(result, line.size());
    }
    return result;
}

}  // namespace trellis
