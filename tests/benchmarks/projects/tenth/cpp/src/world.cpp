#include "../include/sim/world.hpp"

#include <algorithm>

namespace sim {

Integrator explicitEuler() {
    return [](Body& body, double dt) { body.drift(dt); body.kick(dt); };
}

Integrator symplecticEuler() {
    return [](Body& body, double dt) { body.kick(dt); body.drift(dt); };
}

std::size_t World::add(Body body) {
    bodies_.push_back(std::move(body));
    return bodies_.size() - 1;
}

void World::step(double dt) {
    for (const auto& force : forces_) force->apply(bodies_);
    for (Body& body : bodies_) integrator_(body, dt);
    time_ += dt;
    for (auto a = bodies_.begin(); a != bodies_.end(); ++a) {
        if (!a->solid()) continue;
        for (auto b = std::next(a); b != bodies_.end(); ++b) {
            if (b->solid()) collidePair(*a, *b);
        }
        if (floor_) collideFloor(*a);
    }
}

double World::energy() const {
    double sum = 0.0;
    for (const Body& body : bodies_) sum += body.kineticEnergy();
    for (const auto& force : forces_) sum += force->potential(bodies_);
    return sum;
}

void World::collidePair(Body& a, Body& b) {
    const Vec2 span = b.position - a.position;
    const double overlap = a.radius() + b.radius() - span.length();
    if (overlap <= 0.0) return;

    const Vec2 normal = span.normalized();
    const double inverse = a.inverseMass() + b.inverseMass();
    a.position -= normal * (overlap * a.inverseMass() / inverse);
    b.position += normal * (overlap * b.inverseMass() / inverse);

    const double approach = dot(b.velocity - a.velocity, normal);
    if (approach >= 0.0) return;
    const double bounce = std::min(a.restitution, b.restitution);
    const double impulse = -(1.0 + bounce) * approach / inverse;
    a.applyImpulse(-normal * impulse, normal * a.radius());
    b.applyImpulse(normal * impulse, -normal * b.radius());
    if (handler_) handler_({a, &b, impulse}, time_);
}

void World::collideFloor(Body& body) {
    const double depth = body.radius() - body.position.y;
    if (depth <= 0.0 || body.velocity.y >= 0.0) return;

    body.position.y += depth;
    const Vec2 arm{0.0, -body.radius()};
    const double impulse = -(1.0 + body.restitution) * body.velocity.y * body.mass();
    // Friction stops the sliding of the contact point, as far as the grip allows.
    const double sliding = (body.velocity.x + body.spin * body.radius()) * body.mass() / 3.0;
    const double grip = std::clamp(-sliding, -friction_ * impulse, friction_ * impulse);
    body.applyImpulse({grip, impulse}, arm);
    if (handler_) handler_({body, nullptr, impulse}, time_);
}

}  // namespace sim
