#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "forces.hpp"

namespace sim {

/// Moves one body by one step from its present forces.
using Integrator = std::function<void(Body&, double dt)>;

Integrator explicitEuler();
Integrator symplecticEuler();

struct Contact {
    const Body& first;
    const Body* second;  ///< null for the floor
    double impulse;
};

class World {
public:
    using ContactHandler = std::function<void(const Contact&, double time)>;

    explicit World(Integrator integrator) : integrator_(std::move(integrator)) {}

    /// Adds a body and returns its index.
    std::size_t add(Body body);

    template <typename F, typename... Args>
    void addForce(Args&&... args) {
        forces_.push_back(std::make_unique<F>(std::forward<Args>(args)...));
    }

    void setFloor(double friction) { floor_ = true; friction_ = friction; }
    void onContact(ContactHandler handler) { handler_ = std::move(handler); }

    void step(double dt);
    double energy() const;
    const Bodies& bodies() const { return bodies_; }
    Body& operator[](std::size_t index) { return bodies_.at(index); }

private:
    void collidePair(Body& a, Body& b);
    void collideFloor(Body& body);

    Integrator integrator_;
    Bodies bodies_;
    std::vector<std::unique_ptr<Force>> forces_;
    ContactHandler handler_;
    bool floor_ = false;
    double friction_ = 0.0;
    double time_ = 0.0;
};

}  // namespace sim
