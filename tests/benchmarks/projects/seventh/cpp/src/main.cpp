#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "../include/graph/algorithms.hpp"
#include "route_planner.hpp"

namespace {

using namespace planner;

RoadMap build_map() {
    RoadMap map(graph::Direction::Undirected);
    map.add_edge("Arden", "Birch", {30, Surface::Paved});
    map.add_edge("Arden", "Cove", {25, Surface::Gravel});
    map.add_edge("Birch", "Cove", {12, Surface::Gravel});
    map.add_edge("Birch", "Dale", {80, Surface::Motorway});
    map.add_edge("Cove", "Dale", {50, Surface::Gravel});
    map.add_edge("Dale", "Elm", {20, Surface::Paved});
    map.add_edge("Elm", "Firth", {40, Surface::Motorway});
    map.add_edge("Isle", "Quay", {8, Surface::Paved});
    return map;
}

void print_routes(const RoutePlanner& planner, const char* title) {
    std::cout << "-- " << title << '\n';
    const std::vector<std::pair<std::string, std::string>> wanted{
        {"Arden", "Elm"}, {"Cove", "Dale"}, {"Firth", "Arden"}, {"Arden", "Quay"}};
    for (const auto& [from, to] : wanted) {
        std::cout << from << " to " << to << ": " << planner.find(from, to) << '\n';
    }
}

void print_network(const RoadMap& map) {
    std::cout << "-- cheapest network\n";
    const auto [roads, parts] = graph::spanning_forest(map);
    Road total;
    for (const auto& road : roads) {
        std::cout << map[road.from] << " - " << map[road.to] << ": " << road.weight << '\n';
        total = total + road.weight;
    }
    std::cout << "total " << total << " in " << parts << " parts\n";
}

/// Plans the works on the roads: some jobs have to wait for others.
void print_works() {
    std::cout << "-- road works\n";
    graph::Graph<std::string, int> jobs(graph::Direction::Directed);
    jobs.add_edge("survey", "clear", 1);
    jobs.add_edge("survey", "order", 1);
    jobs.add_edge("order", "lay base", 1);
    jobs.add_edge("clear", "lay base", 1);
    jobs.add_edge("lay base", "pave", 1);
    int step = 0;
    for (const auto job : graph::topological_order(jobs)) {
        std::cout << ++step << ". " << jobs[job] << '\n';
    }
    jobs.add_edge("pave", "clear", 1);
    try {
        graph::topological_order(jobs);
    } catch (const graph::GraphError& error) {
        std::cout << "error: " << error.what() << '\n';
    }
}

}  // namespace

int main() {
    const RoadMap map = build_map();
    const RoutePlanner shortest(map, [](const Road& road) { return road.km; });
    const RoutePlanner fastest(map, [](const Road& road) { return road.minutes(); });
    print_routes(shortest, "shortest, in km");
    print_routes(fastest, "fastest, in minutes");
    for (int hops : {1, 2}) {
        std::cout << "within " << hops << " of Arden:";
        for (const auto& place : shortest.nearby("Arden", hops)) std::cout << ' ' << place;
        std::cout << '\n';
    }
    print_network(map);
    print_works();
    try {
        shortest.find("Arden", "Zenith");
    } catch (const graph::GraphError& error) {
        std::cout << "error: " << error.what() << '\n';
    }
}
