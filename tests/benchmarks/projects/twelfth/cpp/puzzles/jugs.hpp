#pragma once

#include <utility>
#include <vector>

#include "../search/problem.hpp"

namespace puzzles {

/// The amount of water in every jug.
using Levels = std::vector<int>;

struct LevelsHash {
    std::size_t operator()(const Levels& levels) const noexcept;
};

/// Measures water with jugs that have no marks; every litre that is moved costs one.
class WaterJugs : public search::Problem<Levels> {
public:
    WaterJugs(Levels capacities, int target) : capacities_(std::move(capacities)), target_(target) {}

    Levels start() const override { return Levels(capacities_.size(), 0); }
    bool is_goal(const Levels& levels) const override { return estimate(levels) == 0; }
    std::vector<search::Successor<Levels>> successors(const Levels& levels) const override;

    /// A lower bound: the smallest change that brings some jug to the target.
    int estimate(const Levels& levels) const;

private:
    Levels capacities_;
    int target_;
};

}  // namespace puzzles
