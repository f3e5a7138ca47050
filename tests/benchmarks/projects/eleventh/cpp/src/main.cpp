#include <iostream>

#include "core/resource_manager.hpp"
#include "render/renderer.hpp"

using namespace tiles;

namespace {
std::unique_ptr<Palette> loadPalette(const std::string& name) {
    if (name == "day") {
        return std::make_unique<Palette>(Palette{name, {{'g', '.'}, {'w', '~'}, {'t', 'Y'}, {'h', '@'}}});
    }
    if (name == "night") {
        return std::make_unique<Palette>(Palette{name, {{'g', ' '}, {'w', '-'}, {'t', '|'}, {'h', '*'}}});
    }
    throw ResourceError(name);
}

const std::vector<std::string> kGround = {
    "gggggggggggggggggg", "gggggggggggwwwwggg", "ggggggggggwwwwwwgg", "gggggggggggwwwwggg", "ggggggggggggwwgggg",
    "ggggggggggggwwgggg", "gggggggggggwwwgggg", "wwwwwggggwwwwwgggg", "wwwwwwwwwwwwgggggg", "gggggwwwwwgggggggg",
};
const std::vector<std::string> kTrees = {"tt   t", "t", "", "      t  t", "       t", "  t             tt"};
}  // namespace

int main() {
    ResourceManager<Palette> palettes(loadPalette);
    Renderer renderer(palettes.acquire("day"), 5);
    Camera camera({10, 5}, {18, 10});
    renderer.emplace<GridLayer>("ground", kGround);
    auto& trees = renderer.emplace<GridLayer>("trees", kTrees);
    auto& actors = renderer.emplace<SpriteLayer>("actors");
    actors.place('h', {3, 2});
    actors.place('B', {12, 5});

    camera.lookAt({3, 2});
    renderer.render(camera, std::cout);
    renderer.printStatistics(std::cout);

    actors.move('h', {6, 3});
    renderer.invalidate();
    camera.lookAt({9, 5});
    renderer.render(camera, std::cout);

    renderer.setPalette(palettes.acquire("night"));
    trees.setVisible(false);
    camera.lookAt({17, 9});
    renderer.render(camera, std::cout);
    renderer.printStatistics(std::cout);
    const auto day = palettes.acquire("day");
    std::cout << "same palette: " << std::boolalpha << (day == palettes.acquire("day")) << ", loads: " << palettes.loads()
              << '\n';
    if (!actors.move('x', {1, 1})) {
        std::cout << "no sprite x\n";
    }
    try {
        renderer.setPalette(palettes.acquire("sepia"));
    } catch (const ResourceError& error) {
        std::cout << "error: " << error.what() << '\n';
    }
}
