#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "graph.hpp"
#include "union_find.hpp"

namespace graph {

/// Nodes in breadth first order, each with its number of hops from the start.
template <typename G>
std::vector<std::pair<NodeId, int>> breadth_first(const G& g, NodeId start) {
    std::vector<std::pair<NodeId, int>> order{{start, 0}};
    std::vector<bool> seen(g.size(), false);
    seen[start] = true;
    for (std::size_t next = 0; next < order.size(); ++next) {
        const auto [node, hops] = order[next];
        for (const auto& edge : g.edges_from(node)) {
            if (seen[edge.to]) continue;
            seen[edge.to] = true;
            order.emplace_back(edge.to, hops + 1);
        }
    }
    return order;
}

/// The distances from one node to all others, with the way to get there.
template <typename Weight>
class ShortestPaths {
public:
    static constexpr Weight unreachable = std::numeric_limits<Weight>::max();

    ShortestPaths(std::size_t count, NodeId source)
        : source_(source), distance_(count, unreachable), previous_(count, source) {
        distance_[source] = Weight{};
    }

    /// Takes the better way to a node; says whether it was one.
    bool relax(NodeId from, NodeId to, Weight distance) {
        if (!(distance < distance_[to])) return false;
        distance_[to] = distance;
        previous_[to] = from;
        return true;
    }

    Weight distance_to(NodeId node) const { return distance_[node]; }

    std::optional<std::vector<NodeId>> path_to(NodeId node) const {
        if (distance_[node] == unreachable) return std::nullopt;
        std::vector<NodeId> path{node};
        while (path.back() != source_) path.push_back(previous_[path.back()]);
        std::reverse(path.begin(), path.end());
        return path;
    }

private:
    NodeId source_;
    std::vector<Weight> distance_;
    std::vector<NodeId> previous_;
};

/// Dijkstra's algorithm; cost maps an edge to its non-negative length.
template <typename G, typename Cost>
auto dijkstra(const G& g, NodeId source, Cost cost) {
    using Weight = decltype(cost(g.edges_from(source).front()));
    using Item = std::pair<Weight, NodeId>;
    ShortestPaths<Weight> paths(g.size(), source);
    std::priority_queue<Item, std::vector<Item>, std::greater<>> frontier;
    frontier.emplace(Weight{}, source);
    while (!frontier.empty()) {
        const auto [distance, node] = frontier.top();
        frontier.pop();
        if (distance > paths.distance_to(node)) continue;  // a stale entry
        for (const auto& edge : g.edges_from(node)) {
            const Weight candidate = distance + cost(edge);
            if (paths.relax(node, edge.to, candidate)) frontier.emplace(candidate, edge.to);
        }
    }
    return paths;
}

/// Kahn's algorithm; throws GraphError if the graph has a cycle.
template <typename G>
std::vector<NodeId> topological_order(const G& g) {
    std::vector<int> incoming(g.size(), 0);
    g.for_each_edge([&](const auto& edge) { ++incoming[edge.to]; });
    std::vector<NodeId> order;
    for (NodeId node = 0; node < g.size(); ++node) {
        if (incoming[node] == 0) order.push_back(node);
    }
    for (std::size_t next = 0; next < order.size(); ++next) {
        for (const auto& edge : g.edges_from(order[next])) {
            if (--incoming[edge.to] == 0) order.push_back(edge.to);
        }
    }
    if (order.size() != g.size()) throw GraphError("the graph has a cycle");
    return order;
}

/// Kruskal's algorithm: the cheapest edges that keep connected what is connected.
template <typename G>
std::pair<std::vector<typename G::Edge>, std::size_t> spanning_forest(const G& g) {
    std::vector<typename G::Edge> edges, chosen;
    g.for_each_edge([&](const auto& edge) { edges.push_back(edge); });
    std::stable_sort(edges.begin(), edges.end());
    UnionFind sets(g.size());
    for (const auto& edge : edges) {
        if (sets.unite(edge.from, edge.to)) chosen.push_back(edge);
    }
    return {chosen, sets.set_count()};
}

}  // namespace graph
