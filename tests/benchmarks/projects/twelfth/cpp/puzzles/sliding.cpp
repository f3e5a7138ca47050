#include "sliding.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <stdexcept>

namespace puzzles {

namespace {

struct Direction {
    const char* name;
    int rows;
    int columns;
};

constexpr Direction kDirections[] = {{"up", -1, 0}, {"down", 1, 0}, {"left", 0, -1}, {"right", 0, 1}};

constexpr int row(int cell) { return cell / Board::kSide; }
constexpr int column(int cell) { return cell % Board::kSide; }
constexpr bool inside(int index) { return index >= 0 && index < Board::kSide; }

/// Adds up a cost for every tile, given the cell it is in and the one it belongs to.
template <typename Cost>
int sum_tiles(const Board& board, Cost cost) {
    int total = 0;
    for (int cell = 0; cell < Board::kCells; ++cell) {
        if (board[cell] != 0) total += cost(cell, board[cell] - 1);
    }
    return total;
}

}  // namespace

Board Board::parse(std::string_view digits) {
    std::string sorted(digits);
    std::sort(sorted.begin(), sorted.end());
    if (sorted != "012345678") throw std::invalid_argument("not a board: " + std::string(digits));
    Board board;
    std::transform(digits.begin(), digits.end(), board.cells_.begin(), [](char c) { return c - '0'; });
    return board;
}

int Board::gap() const {
    return static_cast<int>(std::find(cells_.begin(), cells_.end(), 0) - cells_.begin());
}

Board Board::with_gap_at(int cell) const {
    Board moved = *this;
    std::swap(moved.cells_[gap()], moved.cells_[cell]);
    return moved;
}

std::ostream& operator<<(std::ostream& out, const Board& board) {
    for (int cell = 0; cell < Board::kCells; ++cell) {
        if (cell > 0 && column(cell) == 0) out << '/';
        out << (board[cell] == 0 ? '.' : static_cast<char>('0' + board[cell]));
    }
    return out;
}

bool SlidingPuzzle::is_goal(const Board& board) const { return misplaced(board) == 0; }

std::vector<search::Successor<Board>> SlidingPuzzle::successors(const Board& board) const {
    std::vector<search::Successor<Board>> next;
    const int gap = board.gap();
    for (const auto& [name, rows, columns] : kDirections) {
        const int r = row(gap) + rows;
        const int c = column(gap) + columns;
        if (inside(r) && inside(c)) next.push_back({name, board.with_gap_at(r * Board::kSide + c)});
    }
    return next;
}

int misplaced(const Board& board) {
    return sum_tiles(board, [](int cell, int home) { return cell == home ? 0 : 1; });
}

int manhattan(const Board& board) {
    return sum_tiles(board, [](int cell, int home) {
        return std::abs(row(cell) - row(home)) + std::abs(column(cell) - column(home));
    });
}

}  // namespace puzzles
