#pragma once

#include <array>
#include <functional>
#include <iosfwd>
#include <string_view>

#include "../search/problem.hpp"

namespace puzzles {

/// A 3x3 board of tiles; 0 is the gap.
class Board {
public:
    static constexpr int kSide = 3;
    static constexpr int kCells = kSide * kSide;

    Board() = default;

    /// Reads nine digits, row by row; throws std::invalid_argument.
    static Board parse(std::string_view digits);

    int operator[](int cell) const { return cells_[cell]; }
    bool operator==(const Board& other) const { return cells_ == other.cells_; }

    int gap() const;
    Board with_gap_at(int cell) const;

    friend std::ostream& operator<<(std::ostream& out, const Board& board);

private:
    std::array<int, kCells> cells_{};
};

class SlidingPuzzle : public search::Problem<Board> {
public:
    explicit SlidingPuzzle(const Board& start) : start_(start) {}

    Board start() const override { return start_; }
    bool is_goal(const Board& board) const override;
    std::vector<search::Successor<Board>> successors(const Board& board) const override;

private:
    Board start_;
};

/// Number of tiles that are not where they belong.
int misplaced(const Board& board);

/// Sum of the distances of all tiles from where they belong.
int manhattan(const Board& board);

}  // namespace puzzles

template <>
struct std::hash<puzzles::Board> {
    std::size_t operator()(const puzzles::Board& board) const noexcept {
        std::size_t value = 0;
        for (int i = 0; i < puzzles::Board::kCells; ++i) value = value * 10 + board[i];
        return value;
    }
};
