#pragma once

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace graph {

using NodeId = std::size_t;

/// Thrown when a graph is asked for something that it does not contain.
class GraphError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class Direction { Directed, Undirected };

/// Adjacency list graph; nodes carry a label and edges a weight.
template <typename Label, typename Weight>
class Graph {
public:
    struct Edge {
        NodeId from;
        NodeId to;
        Weight weight;

        friend bool operator<(const Edge& a, const Edge& b) { return a.weight < b.weight; }
    };

    explicit Graph(Direction direction) : direction_(direction) {}

    /// Returns the node with this label, which is made if need be.
    NodeId add_node(const Label& label) {
        const auto [it, inserted] = ids_.try_emplace(label, labels_.size());
        if (inserted) {
            labels_.push_back(label);
            adjacent_.emplace_back();
        }
        return it->second;
    }

    void add_edge(const Label& from, const Label& to, Weight weight) {
        const NodeId a = add_node(from);
        const NodeId b = add_node(to);
        adjacent_[a].push_back({a, b, weight});
        if (direction_ == Direction::Undirected) adjacent_[b].push_back({b, a, weight});
    }

    NodeId id_of(const Label& label) const {
        const auto it = ids_.find(label);
        if (it == ids_.end()) throw GraphError("no node '" + std::string(label) + "'");
        return it->second;
    }

    const Label& operator[](NodeId id) const { return labels_.at(id); }
    const std::vector<Edge>& edges_from(NodeId id) const { return adjacent_.at(id); }
    std::size_t size() const noexcept { return labels_.size(); }

    /// Calls visit once per edge; an undirected edge counts once.
    template <typename Visitor>
    void for_each_edge(Visitor&& visit) const {
        for (const auto& edges : adjacent_) {
            for (const Edge& edge : edges) {
                if (direction_ == Direction::Directed || edge.from < edge.to) visit(edge);
            }
        }
    }

private:
    Direction direction_;
    std::vector<Label> labels_;
    std::map<Label, NodeId> ids_;
    std::vector<std::vector<Edge>> adjacent_;
};

}  // namespace graph
