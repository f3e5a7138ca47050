#include "renderer.hpp"

#include <algorithm>

namespace tiles {
void Camera::lookAt(const Point& centre) {
    const Point corner = centre - Point{view_.width / 2, view_.height / 2};
    origin_.x = std::clamp(corner.x, 0, world_.width - view_.width);
    origin_.y = std::clamp(corner.y, 0, world_.height - view_.height);
}

void Renderer::setPalette(std::shared_ptr<const Palette> palette) {
    palette_ = std::move(palette);
    invalidate();
}

void Renderer::render(const Camera& camera, std::ostream& out) {
    const auto [width, height] = camera.view();
    out << "view at " << camera.origin() << " in " << palette_->name() << '\n';
    for (int y = 0; y < height; ++y) {
        std::string line = "  ";
        for (int x = 0; x < width; ++x) {
            const Point at = camera.toWorld({x, y});
            const Chunk& chunk = chunks_.getOrCreate({at.x / kChunk, at.y / kChunk},
                                                     [this](const Point& key) { return compose(key); });
            line += chunk[static_cast<std::size_t>(at.y % kChunk * kChunk + at.x % kChunk)];
        }
        out << line << '\n';
    }
}

void Renderer::printStatistics(std::ostream& out) const {
    out << "cache: " << chunks_.size() << " chunks, " << chunks_.hits() << " hits, " << chunks_.misses()
        << " misses\nlayers:";
    for (const auto& layer : layers_) {
        out << ' ' << layer->name() << (layer->visible() ? "" : " (hidden)");
    }
    out << '\n';
}

Renderer::Chunk Renderer::compose(const Point& chunkAt) const {
    Chunk chunk;
    for (int i = 0; i < kChunk * kChunk; ++i) {
        chunk += glyphAt({chunkAt.x * kChunk + i % kChunk, chunkAt.y * kChunk + i / kChunk});
    }
    return chunk;
}

char Renderer::glyphAt(const Point& at) const {
    // The topmost layer that has something here wins.
    for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) {
        const Layer& layer = **it;
        const TileId tile = layer.visible() ? layer.tileAt(at) : kEmptyTile;
        if (tile != kEmptyTile) {
            return (*palette_)[tile];
        }
    }
    return ' ';
}
}  // namespace tiles
