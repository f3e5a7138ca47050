#include <algorithm>
#include <cctype>
#include <iostream>
#include "../include/typeset/render.hpp"

namespace ts = typeset;
using namespace ts::literals;
using ts::Align, ts::Length;
using ts::Style;

namespace {
const std::string text =
    "The well-known river bends twice before the mill, and each bend has its own name. "
    "A line of willows marks the upper bend; only reeds mark the lower one.";

using Breakers = std::vector<std::unique_ptr<ts::Breaker>>;

ts::Registry<Style> make_styles() {
    ts::Registry<Style> styles;
    styles.add("default");
    styles.add("narrow", Align::Justify, 130_pt, 15_pt);
    styles.add("quote", Align::Center, 150.5_pt).transform = [](std::string text) {
        std::replace(text.begin(), text.end(), ';', ',');
        return "* " + text + " *";
    };
    Style& loud = styles.add("loud", Align::Right);
    loud.transform = [count = 0](std::string text) mutable {
        for (char& c : text)
            if (std::isalpha(static_cast<unsigned char>(c)) && count++ % 2) c = std::toupper(c);
        return text;
    };
    return styles;
}

template <typename Class, typename Value>
void field(const char* label, const Class& object, Value (Class::*get)() const) {
    std::cout << "  " << label << '=' << (object.*get)() << '\n';
}

#define FIELD(object, member) field(#member, object, &std::decay_t<decltype(object)>::member)

void show(const std::string& name, const Style& style, const ts::Font& font, ts::Breaker& breaker) {
    const ts::Nodes nodes = ts::shape(text, font, style);
    const auto lines = breaker.run(nodes, style.width);
    const auto tight = std::count_if(lines.begin(), lines.end(), std::mem_fn(&ts::Line::tight));
    std::cout << "== " << name << ' ' << ts::name(style.align) << ' ' << breaker.name() << ", " << tight
              << " tight of " << lines.size() << ", boxes " << ts::count_boxes(nodes) << '\n'
              << ts::render::Plain{}.render(nodes, lines, style);
}

void show_lengths(const ts::Registry<Style>& styles) {
    Length Style::*members[] = {&Style::width, &Style::indent};
    for (auto member : members) {
        const auto get = [member](const auto& pair) { return pair.second.*member; };
        std::cout << ts::total<Length>(styles, get) << ' ';
    }
    const auto widest = ts::max(styles["narrow"].width, styles["quote"].width, styles["none"].width);
    std::cout << widest << ' ' << std::boolalpha << (widest == styles.get("default").width) << '\n';
}
}  // namespace

int main() {
    const auto styles = make_styles();
    const ts::Font font{"serif"};
    Breakers breakers;
    breakers.push_back(std::make_unique<ts::GreedyBreaker>());
    auto optimal = std::make_unique<ts::OptimalBreaker>(2.0);
    const ts::OptimalBreaker& best = *optimal;
    breakers.push_back(std::move(optimal));
    for (const auto& breaker : breakers) show("narrow", styles["narrow"], font, *breaker);
    for (const auto& [name, style] : styles)
        if (style.transform) show(name, style, font, *breakers.front());

    std::cout << "== lengths\n";
    show_lengths(styles);
    const ts::Font small = ts::Font(font).size(8.5_pt);
    for (const auto* f : {&font, &small}) std::cout << f->name() << ' ' << f->width("mill") << '\n';
    FIELD(small, size);
    FIELD(best, cost);
    for (const auto& breaker : breakers) field("count", *breaker, &ts::Breaker::count);
    std::cout << "fonts " << ts::Font::count() << ", styles " << styles.size() << '\n';

    std::cout << "== json\n";
    const auto nodes = ts::shape("name the upper mill, not the lower mill", small, styles["none"]);
    for (Length width : {60_pt, 90_pt}) {
        ts::render::Json json{width < 80_pt};
        std::cout << json.render(nodes, breakers.back()->run(nodes, width), {}) << '\n';
    }
    for (Align align : ts::all_alignments) std::cout << ts::name(align) << ' ';
    std::cout << '\n';
}
