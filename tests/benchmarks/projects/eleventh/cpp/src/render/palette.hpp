#pragma once

#include <array>
#include <initializer_list>
#include <numeric>
#include <string>
#include <utility>

#include "../map/layer.hpp"

namespace tiles {
/// Says which character is printed for a tile; a tile without an entry prints as itself.
class Palette {
public:
    Palette(std::string name, std::initializer_list<std::pair<TileId, char>> glyphs) : name_(std::move(name)) {
        std::iota(glyphs_.begin(), glyphs_.end(), '\0');
        for (const auto& [tile, glyph] : glyphs) {
            glyphs_[static_cast<unsigned char>(tile)] = glyph;
        }
    }

    char operator[](TileId tile) const { return glyphs_[static_cast<unsigned char>(tile)]; }
    const std::string& name() const { return name_; }

private:
    std::string name_;
    std::array<char, 256> glyphs_{};
};
}  // namespace tiles
