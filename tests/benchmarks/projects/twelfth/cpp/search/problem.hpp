#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace search {

/// A state that can be reached in one move.
template <typename State>
struct Successor {
    std::string move;
    State state;
    int cost = 1;
};

/// What a puzzle has to provide in order to be solved.
template <typename State>
class Problem {
public:
    virtual ~Problem() = default;

    virtual State start() const = 0;
    virtual bool is_goal(const State& state) const = 0;
    virtual std::vector<Successor<State>> successors(const State& state) const = 0;
};

/// Counters that a search keeps while it runs.
struct Statistics {
    std::size_t expanded = 0;
    std::size_t generated = 0;
    std::size_t peak_frontier = 0;
};

inline std::ostream& operator<<(std::ostream& out, const Statistics& stats) {
    return out << "expanded " << stats.expanded << ", generated " << stats.generated
               << ", peak frontier " << stats.peak_frontier;
}

struct Solution {
    std::vector<std::string> moves;
    int cost = 0;
};

struct Result {
    std::optional<Solution> solution;
    Statistics stats;
};

}  // namespace search
