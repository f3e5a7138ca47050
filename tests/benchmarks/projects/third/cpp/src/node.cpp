#include "../include/typeset/node.hpp"
#include <algorithm>
#include <sstream>

namespace typeset {
Nodes shape(const std::string& text, const Font& font, const Style& style) {
    Nodes nodes;
    if (style.indent) nodes.emplace_back(Box{"", style.indent});
    std::istringstream words{style.apply(text)};
    const Length space = font.width(' ');
    for (std::string word; words >> word;) {
        if (!nodes.empty()) nodes.push_back(Space{{space, space * 0.5, space * 0.25}});
        const auto dash = word.find('-');
        if (dash == std::string::npos) {
            nodes.emplace_back(Box{word, font.width(word)});
            continue;
        }
        for (const auto& part : {word.substr(0, dash + 1), word.substr(dash + 1)}) {
            nodes.emplace_back(Box{part, font.width(part)});
            if (part.back() == '-') nodes.emplace_back(Penalty{50});
        }
    }
    nodes.emplace_back(Penalty{Penalty::force});
    return nodes;
}

Length width(const Node& node) {
    return std::visit(Overloaded{
                          [](const Box& box) { return box.width; },
                          [](const Space& space) { return space.glue.width; },
                          [](const Penalty&) { return Length{}; },
                      },
                      node);
}

std::size_t count_boxes(const Nodes& nodes) {
    return std::count_if(nodes.begin(), nodes.end(), std::holds_alternative<Box, Box, Space, Penalty>);
}
}  // namespace typeset
