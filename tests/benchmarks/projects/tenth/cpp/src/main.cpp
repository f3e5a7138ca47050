#include <iomanip>
#include <iostream>

#include "../include/sim/recorder.hpp"
#include "../include/sim/world.hpp"

namespace {

using sim::Body;
using sim::World;

constexpr double kStep = 1.0 / 256.0;

void print(const World& world) {
    for (const Body& body : world.bodies()) {
        std::cout << "  " << body.name() << " at " << body.position << " moving " << body.velocity;
        if (body.solid()) std::cout << " turned " << body.angle;
        std::cout << '\n';
    }
}

/// Two particles on a spring keep their energy only with the better integrator.
void springPair(const char* label, sim::Integrator integrator) {
    World world(std::move(integrator));
    const auto left = world.add(Body::particle("left", 1.0, {-1.0, 0.0}, {0.0, 0.5}));
    const auto right = world.add(Body::particle("right", 2.0, {1.0, 0.0}));
    world.addForce<sim::Spring>(left, right, 1.5, 40.0);

    std::cout << "spring pair, " << label << '\n';
    sim::Recorder<double> recorder;
    for (int i = 1; i <= 1024; ++i) {
        world.step(kStep);
        if (i % 64 == 0) {
            recorder.sample("energy", world.energy());
            recorder.sample("distance", (world[right].position - world[left].position).length());
        }
    }
    print(world);
    recorder.summarize(std::cout);
}

/// Discs that fall, bounce and roll.
void bouncingDiscs() {
    World world(sim::symplecticEuler());
    world.addForce<sim::Gravity>();
    world.addForce<sim::Drag>(0.05);
    world.setFloor(0.4);
    world.add(Body("ball", 1.0, 0.25, {0.0, 2.0}, {1.0, 0.0}));
    const auto puck = world.add(Body("puck", 3.0, 0.5, {2.0, 0.75}, {-0.5, 0.0}));
    world[puck].restitution = 0.3;

    int contacts = 0;
    world.onContact([&contacts](const sim::Contact& contact, double time) {
        if (contact.impulse < 1.5) return;
        ++contacts;
        std::cout << "  " << time << " s: " << contact.first.name() << " hits "
                  << (contact.second ? contact.second->name() : "floor") << ", " << contact.impulse << " Ns\n";
    });
    std::cout << "bouncing discs\n";
    for (int i = 1; i <= 512; ++i) {
        world.step(kStep);
        if (i % 256 == 0) print(world);
    }
    std::cout << "  hard contacts " << contacts << ", energy " << world.energy() << '\n';
}

}  // namespace

int main() {
    std::cout << std::fixed << std::setprecision(3);
    springPair("explicit Euler", sim::explicitEuler());
    springPair("symplectic Euler", sim::symplecticEuler());
    bouncingDiscs();
}
