#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "include/trellis/table.hpp"

using namespace trellis;

namespace {

struct Plant {
    std::string name;
    int height_cm;
    double price;
    std::string notes;
};

const std::vector<Plant> kPlants = {
    {"Lavender", 60, 4.5, "Likes full sun and poor, well-drained soil. Cut back after it has flowered."},
    {"Hart's-tongue fern", 45, 7.25, "Evergreen; keeps to damp shade."},
    {"Sunflower", 240, 1.2, "Annual.\nNeeds a stake in windy places."},
};

Table catalogue(const Style& number) {
    Table table(std::make_unique<BoxBorder>());
    table.column("Plant", 12)
        .column("Height (cm)", 8, number)
        .column("Price", 8, number)
        .column("Notes", 28);
    for (const auto& [name, height, price, notes] : kPlants) {
        table.row(Cell(name, Style{}.emphasized(Emphasis::Upper)), height, price, notes);
    }
    return table;
}

void print_paragraph(const std::string& text, std::size_t width) {
    for (const auto& line : Wrapper(width).wrap(text)) {
        std::cout << place(line, width + 2, Style{}.aligned(Align::Center)) << "|\n";
    }
}

}  // namespace

int main() {
    const Style number = Style{}.aligned(Align::Right);
    const Table plants = catalogue(number);
    std::cout << plants << '\n';

    Table totals(std::make_unique<OpenBorder>());
    totals.column("Measure", 20).column("Value", 16, number);
    double sum = 0;
    for (const auto& plant : kPlants) {
        sum += plant.price;
    }
    totals.row("plants", plants.rows())
        .row("sum of prices", sum)
        .row("remark", Cell("approximate", number.emphasized(Emphasis::Underscored)));
    std::cout << totals << '\n';

    print_paragraph("A table is measured first and drawn afterwards; incomprehensibilities are hyphenated.", 18);
    try {
        totals.row("only one");
    } catch (const std::invalid_argument& error) {
        std::cout << "\nrefused: " << error.what() << '\n';
    }
}
