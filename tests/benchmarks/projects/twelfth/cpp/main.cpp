#include <iomanip>
#include <iostream>
#include <stdexcept>

#include "puzzles/jugs.hpp"
#include "puzzles/sliding.hpp"
#include "search/astar.hpp"

namespace {

void report(const std::string& label, const search::Result& result) {
    std::cout << "  " << std::left << std::setw(12) << label << result.stats << "\n    ";
    if (const auto& solution = result.solution) {
        std::cout << "cost " << solution->cost << ':';
        for (const auto& move : solution->moves) std::cout << ' ' << move << ';';
    } else {
        std::cout << "no solution";
    }
    std::cout << '\n';
}

void solve_sliding(const std::string& digits) try {
    const auto board = puzzles::Board::parse(digits);
    std::cout << "Board " << board << '\n';
    const puzzles::SlidingPuzzle puzzle(board);
    const std::pair<const char*, search::Heuristic<puzzles::Board>> heuristics[] = {
        {"none", [](const auto&) { return 0; }},
        {"misplaced", puzzles::misplaced},
        {"manhattan", puzzles::manhattan},
    };
    for (const auto& [name, heuristic] : heuristics)
        report(name, search::AStar<puzzles::Board>(heuristic).run(puzzle));
} catch (const std::invalid_argument& error) {
    std::cout << "Rejected: " << error.what() << '\n';
}

void solve_jugs(const puzzles::Levels& capacities, int target) {
    std::cout << "Measure " << target << " with " << capacities.size() << " jugs\n";
    const puzzles::WaterJugs puzzle(capacities, target);
    search::AStar<puzzles::Levels, puzzles::LevelsHash> solver(
        [&puzzle](const auto& levels) { return puzzle.estimate(levels); });
    report("estimate", solver.run(puzzle));
}

}  // namespace

int main() {
    for (const char* digits : {"123405786", "136507482", "436871052", "12345"}) solve_sliding(digits);
    solve_jugs({5, 3}, 4);
    solve_jugs({8, 5, 3}, 7);
    solve_jugs({6, 4}, 3);
}
