#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "../core/lru_cache.hpp"
#include "palette.hpp"

namespace tiles {
/// The window onto the map; it never leaves the bounds of the world.
class Camera {
public:
    Camera(Size view, Size world) : view_(view), world_(world) {}

    void lookAt(const Point& centre);
    Point toWorld(const Point& onScreen) const { return origin_ + onScreen; }
    const Point& origin() const { return origin_; }
    const Size& view() const { return view_; }

private:
    Size view_;
    Size world_;
    Point origin_;
};

/// Draws layers as text. The picture is composed in square chunks, which are cached.
class Renderer {
public:
    static constexpr int kChunk = 4;

    Renderer(std::shared_ptr<const Palette> palette, std::size_t cachedChunks)
        : palette_(std::move(palette)), chunks_(cachedChunks) {}

    /// Adds a layer of the given type, made from the arguments.
    template <typename L, typename... Args>
    L& emplace(Args&&... args) {
        return static_cast<L&>(*layers_.emplace_back(std::make_unique<L>(std::forward<Args>(args)...)));
    }

    void setPalette(std::shared_ptr<const Palette> palette);
    /// Must be called after layers have changed.
    void invalidate() { chunks_.clear(); }
    void render(const Camera& camera, std::ostream& out);
    void printStatistics(std::ostream& out) const;

private:
    using Chunk = std::string;
    Chunk compose(const Point& chunkAt) const;
    char glyphAt(const Point& at) const;

    std::shared_ptr<const Palette> palette_;
    std::vector<std::unique_ptr<Layer>> layers_;
    LruCache<Point, Chunk, PointHash> chunks_;
};
}  // namespace tiles
