#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace tiles {
class ResourceError : public std::runtime_error {
public:
    explicit ResourceError(const std::string& name) : std::runtime_error("no such resource: " + name) {}
};

/// Hands out shared resources by name and loads them again once nobody holds them.
template <typename Resource>
class ResourceManager {
public:
    using Handle = std::shared_ptr<const Resource>;
    using Loader = std::function<std::unique_ptr<Resource>(const std::string&)>;

    explicit ResourceManager(Loader loader) : loader_(std::move(loader)) {}

    Handle acquire(const std::string& name) {
        std::weak_ptr<const Resource>& slot = slots_[name];
        if (Handle alive = slot.lock()) {
            return alive;
        }
        Handle loaded = loader_(name);
        ++loads_;
        slot = loaded;
        return loaded;
    }

    int loads() const { return loads_; }

private:
    Loader loader_;
    std::map<std::string, std::weak_ptr<const Resource>> slots_;
    int loads_ = 0;
};
}  // namespace tiles
