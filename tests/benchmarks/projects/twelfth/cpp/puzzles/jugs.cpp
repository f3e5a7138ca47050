#include "jugs.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace puzzles {

std::size_t LevelsHash::operator()(const Levels& levels) const noexcept {
    return std::accumulate(levels.begin(), levels.end(), std::size_t{0},
                           [](std::size_t seed, int level) { return seed * 31 + level; });
}

std::vector<search::Successor<Levels>> WaterJugs::successors(const Levels& levels) const {
    std::vector<search::Successor<Levels>> next;
    const auto change = [&](std::string move, std::size_t jug, int litres) -> Levels* {
        if (litres == 0) return nullptr;
        next.push_back({std::move(move), levels, std::abs(litres)});
        next.back().state[jug] += litres;
        return &next.back().state;
    };

    for (std::size_t jug = 0; jug < levels.size(); ++jug) {
        const std::string name(1, static_cast<char>('A' + jug));
        change("fill " + name, jug, capacities_[jug] - levels[jug]);
        change("empty " + name, jug, -levels[jug]);
        for (std::size_t to = 0; to < levels.size(); ++to) {
            if (to == jug) continue;
            const int poured = std::min(levels[jug], capacities_[to] - levels[to]);
            const std::string move = name + ">" + static_cast<char>('A' + to);
            if (Levels* state = change(move, jug, -poured)) (*state)[to] += poured;
        }
    }
    return next;
}

int WaterJugs::estimate(const Levels& levels) const {
    int best = target_;
    for (int level : levels) best = std::min(best, std::abs(level - target_));
    return best;
}

}  // namespace puzzles
