#pragma once

#include <string_view>
#include "node.hpp"

namespace typeset {
struct Line {
    std::size_t first, last;
    double ratio;

    bool tight() const { return ratio < 0; }
};

class Breaker {
public:
    virtual ~Breaker() = default;
    virtual std::string_view name() const = 0;
    std::vector<Line> run(const Nodes& nodes, Length width);
    int count() const { return count_; }

protected:
    struct Fit {
        Length width;
        Glue glue;
    };
    virtual std::vector<std::size_t> breaks(const Nodes& nodes, Length width) = 0;
    static Fit measure(const Nodes& nodes, std::size_t first, std::size_t last);
    static double ratio(const Fit& fit, Length width);

private:
    int count_ = 0;
};

class GreedyBreaker final : public Breaker {
public:
    std::string_view name() const override { return "greedy"; }

protected:
    std::vector<std::size_t> breaks(const Nodes& nodes, Length width) override;
};

class OptimalBreaker : public Breaker {
public:
    explicit OptimalBreaker(double tolerance) : tolerance_{tolerance} {}
    std::string_view name() const override { return "optimal"; }
    double cost() const { return cost_; }

private:
    std::vector<std::size_t> breaks(const Nodes&, Length width) override;
    double badness(double ratio, const Node& at) const;

    double tolerance_, cost_ = 0;
};
}  // namespace typeset
