#include "route_planner.hpp"

#include <algorithm>
#include <utility>

#include "../include/graph/algorithms.hpp"

namespace planner {

std::ostream& operator<<(std::ostream& out, const Route& route) {
    if (!route) return out << "no route";
    out << route.cost << " by";
    for (const auto& stop : route.stops) out << ' ' << stop;
    return out;
}

RoutePlanner::RoutePlanner(const RoadMap& map, CostFunction cost)
    : map_(map), cost_(std::move(cost)) {}

Route RoutePlanner::find(const std::string& from, const std::string& to) const {
    const auto target = map_.id_of(to);
    const auto paths = graph::dijkstra(map_, map_.id_of(from), [this](const RoadMap::Edge& edge) {
        return cost_(edge.weight);
    });
    Route route;
    if (const auto path = paths.path_to(target)) {
        for (const auto node : *path) route.stops.push_back(map_[node]);
        route.cost = paths.distance_to(target);
    }
    return route;
}

std::vector<std::string> RoutePlanner::nearby(const std::string& place, int max_hops) const {
    std::vector<std::string> names;
    for (const auto& [node, hops] : graph::breadth_first(map_, map_.id_of(place))) {
        if (hops > 0 && hops <= max_hops) names.push_back(map_[node]);
    }
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace planner
