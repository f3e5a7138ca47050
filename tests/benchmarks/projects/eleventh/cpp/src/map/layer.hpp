#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../core/geometry.hpp"

namespace tiles {
using TileId = char;
constexpr TileId kEmptyTile = '\0';

/// A plane of the map; layers are drawn one over the other.
class Layer {
public:
    explicit Layer(std::string name) : name_(std::move(name)) {}
    virtual ~Layer() = default;
    virtual TileId tileAt(const Point& at) const = 0;

    const std::string& name() const { return name_; }
    bool visible() const { return visible_; }
    void setVisible(bool visible) { visible_ = visible; }

private:
    std::string name_;
    bool visible_ = true;
};

/// A layer with a tile for each cell, written as rows of text; a blank is an empty cell.
class GridLayer : public Layer {
public:
    GridLayer(std::string name, std::vector<std::string> rows)
        : Layer(std::move(name)), rows_(std::move(rows)) {}

    TileId tileAt(const Point& at) const override;

private:
    std::vector<std::string> rows_;
};

/// A layer of few things that may move.
class SpriteLayer : public Layer {
public:
    using Layer::Layer;

    void place(TileId tile, const Point& at) { sprites_[tile] = at; }
    bool move(TileId tile, const Point& by);
    TileId tileAt(const Point& at) const override;

private:
    std::map<TileId, Point> sprites_;
};
}  // namespace tiles
