#pragma once

#include <cstddef>
#include <vector>

#include "body.hpp"

namespace sim {

using Bodies = std::vector<Body>;

/// Something that pushes the bodies at each step.
class Force {
public:
    virtual ~Force() = default;
    virtual void apply(Bodies& bodies) const = 0;
    /// The energy stored in the force; 0 for those that dissipate.
    virtual double potential(const Bodies&) const { return 0.0; }
};

class Gravity : public Force {
public:
    explicit Gravity(Vec2 g = {0.0, -9.81}) : g_(g) {}

    void apply(Bodies& bodies) const override {
        for (Body& body : bodies) body.applyForce(body.mass() * g_);
    }
    double potential(const Bodies& bodies) const override {
        double sum = 0.0;
        for (const Body& body : bodies) sum -= body.mass() * dot(g_, body.position);
        return sum;
    }

private:
    Vec2 g_;
};

/// Resists motion and spin in proportion to their speed.
class Drag : public Force {
public:
    explicit Drag(double factor) : factor_(factor) {}

    void apply(Bodies& bodies) const override {
        for (Body& body : bodies) {
            body.applyForce(-body.velocity * factor_);
            body.applyTorque(-body.spin * factor_ * body.radius());
        }
    }

private:
    double factor_;
};

/// Pulls two bodies, given by index, to a distance.
class Spring : public Force {
public:
    Spring(std::size_t a, std::size_t b, double rest, double stiffness)
        : a_(a), b_(b), rest_(rest), stiffness_(stiffness) {}

    void apply(Bodies& bodies) const override {
        const Vec2 span = spanOf(bodies);
        const Vec2 pull = span.normalized() * (stiffness_ * (span.length() - rest_));
        bodies[a_].applyForce(pull);
        bodies[b_].applyForce(-pull);
    }
    double potential(const Bodies& bodies) const override {
        const double stretch = spanOf(bodies).length() - rest_;
        return 0.5 * stiffness_ * stretch * stretch;
    }

private:
    Vec2 spanOf(const Bodies& bodies) const { return bodies[b_].position - bodies[a_].position; }

    std::size_t a_, b_;
    double rest_, stiffness_;
};

}  // namespace sim
