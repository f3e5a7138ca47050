#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "border.hpp"
#include "style.hpp"
#include "wrap.hpp"

namespace trellis {

/// A piece of text, optionally with a style of its own.
class Cell {
public:
    template <typename T>
    explicit Cell(const T& value) {
        std::ostringstream out;
        out << value;
        text_ = out.str();
    }

    Cell(std::string text, const Style& style);

    const Style& style_or(const Style& fallback) const;
    /// The lines of the cell, wrapped so that they fit into `width` columns.
    Lines layout(std::size_t width, const Style& fallback) const;

private:
    std::string text_;
    std::optional<Style> style_;
};

struct Column {
    std::string title;
    std::size_t max_width;
    Style style;
};

/// Rows of cells below a heading.
class Table {
public:
    explicit Table(std::unique_ptr<Border> border);

    Table& column(std::string title, std::size_t max_width, const Style& style = {});

    template <typename... Values>
    Table& row(Values&&... values) {
        std::vector<Cell> cells;
        (cells.emplace_back(std::forward<Values>(values)), ...);
        return append(std::move(cells));
    }

    std::size_t rows() const { return rows_.size(); }
    friend std::ostream& operator<<(std::ostream& out, const Table& table);

private:
    Table& append(std::vector<Cell> cells);
    std::vector<std::size_t> measure() const;
    void print_row(std::ostream& out, const std::vector<Cell>& cells,
                   const std::vector<std::size_t>& widths) const;

    std::unique_ptr<Border> border_;
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace trellis
