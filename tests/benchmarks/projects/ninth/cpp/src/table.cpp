#include "../include/trellis/table.hpp"

#include <algorithm>
#include <ostream>
#include <stdexcept>

namespace trellis {

Cell::Cell(std::string text, const Style& style) : text_(std::move(text)), style_(style) {}

const Style& Cell::style_or(const Style& fallback) const {
    return style_ ? *style_ : fallback;
}

Lines Cell::layout(std::size_t width, const Style& fallback) const {
    return Wrapper(width).wrap(decorate(text_, style_or(fallback)));
}

Table::Table(std::unique_ptr<Border> border) : border_(std::move(border)) {}

Table& Table::column(std::string title, std::size_t max_width, const Style& style) {
    columns_.push_back({std::move(title), max_width, style});
    return *this;
}

Table& Table::append(std::vector<Cell> cells) {
    if (cells.size() != columns_.size()) {
        throw std::invalid_argument("expected " + std::to_string(columns_.size()) +
                                    " cells, got " + std::to_string(cells.size()));
    }
    rows_.push_back(std::move(cells));
    return *this;
}

std::vector<std::size_t> Table::measure() const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const auto& [title, max_width, style] = columns_[i];
        std::size_t width = widest(Wrapper(max_width).wrap(title));
        for (const auto& row : rows_) {
            width = std::max(width, widest(row[i].layout(max_width, style)));
        }
        widths.push_back(width + 2 * style.padding);
    }
    return widths;
}

void Table::print_row(std::ostream& out, const std::vector<Cell>& cells,
                      const std::vector<std::size_t>& widths) const {
    std::vector<Lines> blocks;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Style& style = columns_[i].style;
        blocks.push_back(cells[i].layout(widths[i] - 2 * style.padding, style));
        height = std::max(height, blocks.back().size());
    }
    for (std::size_t y = 0; y < height; ++y) {
        out << border_->edge();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string line = y < blocks[i].size() ? blocks[i][y] : "";
            out << place(line, widths[i], cells[i].style_or(columns_[i].style)) << border_->edge();
        }
        out << '\n';
    }
}

std::ostream& operator<<(std::ostream& out, const Table& table) {
    const auto widths = table.measure();
    std::vector<Cell> heading;
    for (const auto& column : table.columns_) {
        heading.emplace_back(column.title);
    }
    const std::string line = table.border_->rule(widths, false);
    out << line << '\n';
    table.print_row(out, heading, widths);
    out << table.border_->rule(widths, true) << '\n';
    for (const auto& row : table.rows_) {
        table.print_row(out, row, widths);
    }
    return out << line << '\n';
}

}  // namespace trellis
