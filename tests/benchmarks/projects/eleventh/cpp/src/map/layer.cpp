#include "layer.hpp"

namespace tiles {
TileId GridLayer::tileAt(const Point& at) const {
    const auto x = static_cast<std::size_t>(at.x);
    const auto y = static_cast<std::size_t>(at.y);
    if (y >= rows_.size() || x >= rows_[y].size() || rows_[y][x] == ' ') {
        return kEmptyTile;
    }
    return rows_[y][x];
}

bool SpriteLayer::move(TileId tile, const Point& by) {
    auto found = sprites_.find(tile);
    if (found == sprites_.end()) {
        return false;
    }
    found->second += by;
    return true;
}

TileId SpriteLayer::tileAt(const Point& at) const {
    for (const auto& [tile, position] : sprites_) {
        if (position == at) {
            return tile;
        }
    }
    return kEmptyTile;
}
}  // namespace tiles
