#pragma once
#include <memory>
#include <string>
#include <variant>
#include <vector>
#include "style.hpp"

namespace typeset {
struct Box {
    std::string text;
    Length width;
};

struct Space {
    Glue glue;
};

struct Penalty {
    int cost = 0;
    static constexpr int force = -1000;
    bool forced() const { return cost <= force; }
};

using Node = std::variant<Box, Space, Penalty>;
using Nodes = std::vector<Node>;

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

Nodes shape(const std::string& text, const Font& font, const Style& style);
Length width(const Node& node);
std::size_t count_boxes(const Nodes& nodes);
}  // namespace typeset
