#include "../include/typeset/breaker.hpp"
#include <algorithm>
#include <cmath>
#include <limits>

namespace typeset {
namespace {
bool breakable(const Node& node) { return !std::holds_alternative<Box>(node); }

std::size_t skip(const Nodes& nodes, std::size_t at) {
    while (at < nodes.size() && breakable(nodes[at])) ++at;
    return at;
}
}  // namespace

std::vector<Line> Breaker::run(const Nodes& nodes, Length width) {
    std::vector<Line> lines;
    std::size_t first = 0;
    for (std::size_t last : breaks(nodes, width)) {
        lines.push_back({first, last, ratio(measure(nodes, first, last), width)});
        first = skip(nodes, last);
        ++count_;
    }
    return lines;
}

Breaker::Fit Breaker::measure(const Nodes& nodes, std::size_t first, std::size_t last) {
    Fit fit;
    for (auto i = first; i < last; ++i) {
        fit.width += typeset::width(nodes[i]);
        if (auto* space = std::get_if<Space>(&nodes[i])) fit.glue += space->glue;
    }
    return fit;
}

double Breaker::ratio(const Fit& fit, Length width) {
    const Length room = width - fit.width;
    const Length& flex = room < Length{} ? fit.glue.shrink : fit.glue.stretch;
    if (!room) return 0;
    return flex ? room / flex : std::copysign(100.0, room.points());
}

std::vector<std::size_t> GreedyBreaker::breaks(const Nodes& nodes, Length width) {
    std::vector<std::size_t> result;
    std::size_t first = 0, best = 0;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!breakable(nodes[i])) continue;
        if (best > first && width < measure(nodes, first, i).width) {
            result.push_back(best);
            first = skip(nodes, best);
        }
        best = i;
        if (const auto* penalty = std::get_if<Penalty>(&nodes[i]); penalty && penalty->forced()) {
            result.push_back(i);
        }
    }
    return result;
}

double OptimalBreaker::badness(double ratio, const Node& at) const {
    if (ratio < -1) return std::numeric_limits<double>::infinity();
    const auto* penalty = std::get_if<Penalty>(&at);
    if (penalty && penalty->forced()) return ratio < 0 ? 1 : 0;
    const double cost = penalty ? penalty->cost : 0;
    return std::pow(std::abs(ratio) / tolerance_, 3) + cost / 10 + 1;
}

std::vector<std::size_t> OptimalBreaker::breaks(const Nodes& nodes, Length width) {
    struct Best {
        double cost = std::numeric_limits<double>::infinity();
        std::size_t from = 0;
    };
    std::vector<Best> best(nodes.size());
    const auto relax = [&](std::size_t from, std::size_t to, double cost) {
        const std::size_t first = from ? skip(nodes, from) : 0;
        if (first >= to) return;
        cost += badness(ratio(measure(nodes, first, to), width), nodes[to]);
        if (cost < best[to].cost) best[to] = {cost, from};
    };
    for (std::size_t to = 1; to < nodes.size(); ++to) {
        if (!breakable(nodes[to])) continue;
        relax(0, to, 0);
        for (std::size_t from = 1; from < to; ++from)
            if (breakable(nodes[from])) relax(from, to, best[from].cost);
    }
    std::vector<std::size_t> result;
    cost_ = best.back().cost;
    for (auto at = nodes.size() - 1; at > 0; at = best[at].from) result.push_back(at);
    std::reverse(result.begin(), result.end());
    return result;
}
}  // namespace typeset
