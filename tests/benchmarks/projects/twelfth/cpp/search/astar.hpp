#pragma once

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "problem.hpp"

namespace search {

template <typename State>
using Heuristic = std::function<int(const State&)>;

/// A* search; it finds the cheapest way if the heuristic is consistent.
template <typename State, typename Hash = std::hash<State>>
class AStar {
public:
    explicit AStar(Heuristic<State> heuristic) : heuristic_(std::move(heuristic)) {}

    Result run(const Problem<State>& problem) {
        Result result;
        Frontier frontier;
        records_.clear();

        const State start = problem.start();
        records_[start] = Record{start, "", 0, false};
        frontier.push({heuristic_(start), 0, start});

        while (!frontier.empty()) {
            result.stats.peak_frontier = std::max(result.stats.peak_frontier, frontier.size());
            const State current = frontier.top().state;
            frontier.pop();

            Record& record = records_.at(current);
            if (std::exchange(record.closed, true)) continue;
            const int cost_so_far = record.cost;
            if (problem.is_goal(current)) {
                result.solution = Solution{trace(current), cost_so_far};
                break;
            }

            ++result.stats.expanded;
            for (auto& [move, next, step] : problem.successors(current)) {
                ++result.stats.generated;
                const int cost = cost_so_far + step;
                const auto known = records_.find(next);
                if (known != records_.end() && (known->second.closed || known->second.cost <= cost)) continue;
                records_[next] = Record{current, move, cost, false};
                frontier.push({cost + heuristic_(next), result.stats.generated, next});
            }
        }
        return result;
    }

private:
    struct Record {
        State parent;
        std::string move;
        int cost;
        bool closed;
    };

    struct Entry {
        int priority;
        std::size_t order;  // breaks ties: first in, first out
        State state;

        bool operator>(const Entry& other) const {
            return std::tie(priority, order) > std::tie(other.priority, other.order);
        }
    };

    using Frontier = std::priority_queue<Entry, std::vector<Entry>, std::greater<>>;

    std::vector<std::string> trace(State state) const {
        std::vector<std::string> moves;
        for (const Record* at = &records_.at(state); !at->move.empty(); at = &records_.at(at->parent))
            moves.push_back(at->move);
        std::reverse(moves.begin(), moves.end());
        return moves;
    }

    Heuristic<State> heuristic_;
    std::unordered_map<State, Record, Hash> records_;
};

}  // namespace search
