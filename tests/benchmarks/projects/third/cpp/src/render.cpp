#include "../include/typeset/render.hpp"
#include <cmath>
#include <iomanip>

namespace typeset::render {
namespace detail {

std::vector<std::string> words(const Nodes& nodes, const Line& line) {
    std::vector<std::string> words(1);
    for (std::size_t i = line.first; i < line.last; ++i) {
        std::visit(
            [&words](const auto& node) {
                using T = std::decay_t<decltype(node)>;
                if constexpr (std::is_same_v<T, Box>) words.back() += node.text;
                else if constexpr (std::is_same_v<T, Space>) words.emplace_back();
            },
            nodes[i]);
    }
    return words;
}

std::string join(const std::vector<std::string>& words, std::size_t room) {
    const auto size = total<std::size_t>(words, [](const std::string& word) { return word.size() + 1; }) - 1;
    const std::size_t gaps = words.size() - 1, extra = size < room ? room - size : 0;
    std::string result = words.front();
    for (std::size_t i = 1; i <= gaps; ++i) {
        const std::size_t begin = extra * (i - 1) / gaps, end = extra * i / gaps;
        result.append(1 + end - begin, ' ').append(words[i]);
    }
    return result;
}
}  // namespace detail

void Plain::line(const Nodes& nodes, const Line& line, const Style& style) {
    const auto room = static_cast<std::size_t>(style.width / cell);
    const bool stretch = style.align == Align::Justify && line.last + 1 < nodes.size();
    std::string text = detail::join(detail::words(nodes, line), stretch ? room : 0);
    const std::size_t left = text.size() < room ? room - text.size() : 0;
    if (style.align == Align::Right) text.insert(0, left, ' ');
    if (style.align == Align::Center) text.insert(0, left / 2, ' ');
    out_ << '|' << std::left << std::setw(static_cast<int>(room)) << text << "|\n";
}

void Json::line(const Nodes& nodes, const Line& line, const Style&) {
    using detail::join;
    out_ << separator_ << '"' << join(detail::words(nodes, line), 0) << '"';
    if (ratios) out_ << ',' << std::round(line.ratio * 100) / 100;
    separator_ = ",";
}
}  // namespace typeset::render
