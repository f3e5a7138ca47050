#pragma once

#include <string>
#include <utility>

#include "vec2.hpp"

namespace sim {

/// A disc with mass. With radius 0 it is a particle that neither spins nor collides.
class Body {
public:
    Body(std::string name, double mass, double radius, Vec2 at, Vec2 velocity = {})
        : position(at), velocity(velocity), name_(std::move(name)), mass_(mass), radius_(radius) {}

    static Body particle(std::string name, double mass, Vec2 at, Vec2 velocity = {}) {
        return Body(std::move(name), mass, 0.0, at, velocity);
    }

    Vec2 position;
    Vec2 velocity;
    double angle = 0.0;
    double spin = 0.0;
    double restitution = 0.8;

    const std::string& name() const { return name_; }
    double mass() const { return mass_; }
    double radius() const { return radius_; }
    bool solid() const { return radius_ > 0.0; }
    double inverseMass() const { return 1.0 / mass_; }
    double inverseInertia() const { return solid() ? 2.0 / (mass_ * radius_ * radius_) : 0.0; }

    void applyForce(Vec2 force) { force_ += force; }
    void applyTorque(double torque) { torque_ += torque; }

    /// Changes the velocity at once, and the spin by the lever arm from the centre.
    void applyImpulse(Vec2 impulse, Vec2 arm) {
        velocity += impulse * inverseMass();
        spin += cross(arm, impulse) * inverseInertia();
    }

    /// Uses up the collected forces.
    void kick(double dt) {
        velocity += force_ * (inverseMass() * dt);
        spin += torque_ * inverseInertia() * dt;
        force_ = {};
        torque_ = 0.0;
    }

    void drift(double dt) {
        position += velocity * dt;
        angle += spin * dt;
    }

    double kineticEnergy() const {
        const double turning = solid() ? spin * spin / inverseInertia() : 0.0;
        return 0.5 * (mass_ * dot(velocity, velocity) + turning);
    }

private:
    std::string name_;
    double mass_;
    double radius_;
    Vec2 force_;
    double torque_ = 0.0;
};

}  // namespace sim
