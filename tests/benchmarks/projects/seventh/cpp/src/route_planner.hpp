#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "../include/graph/graph.hpp"
#include "road.hpp"

namespace planner {

using RoadMap = graph::Graph<std::string, Road>;
using CostFunction = std::function<int(const Road&)>;

struct Route {
    std::vector<std::string> stops;
    int cost = 0;

    explicit operator bool() const noexcept { return !stops.empty(); }
};

std::ostream& operator<<(std::ostream& out, const Route& route);

/// Answers questions about the ways through a road map.
class RoutePlanner {
public:
    RoutePlanner(const RoadMap& map, CostFunction cost);

    /// The cheapest route, which is empty if there is none.
    Route find(const std::string& from, const std::string& to) const;

    /// The places within so many hops, in alphabetical order.
    std::vector<std::string> nearby(const std::string& place, int max_hops) const;

private:
    const RoadMap& map_;
    CostFunction cost_;
};

}  // namespace planner
