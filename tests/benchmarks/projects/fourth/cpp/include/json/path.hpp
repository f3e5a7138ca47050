#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "value.hpp"

namespace json::path {

using Sink = std::function<void(const Value&)>;

/// One step of a path: hands every value that it selects below `value` to the sink.
struct Step {
    virtual ~Step() = default;
    virtual void select(const Value& value, const Sink& sink) const = 0;
    virtual std::string text() const = 0;
};

class PathError : public std::invalid_argument {
public:
    using std::invalid_argument::invalid_argument;
};

/// A query such as `$.shelves[0].books[*].title` or `$..price`.
class Path {
public:
    static Path parse(std::string_view text);

    std::vector<Value> find(const Value& root) const;
    const Path& each(const Value& root, const Sink& sink) const;
    std::string text() const;
    std::size_t size() const noexcept { return steps_.size(); }

private:
    using Steps = std::vector<std::unique_ptr<Step>>;

    void run(std::size_t index, const Value& value, const Sink& sink) const;

    template <typename T, typename... Args>
    void add(Args&&... args) {
        steps_.push_back(std::make_unique<T>(std::forward<Args>(args)...));
    }

    Steps steps_;
};

std::vector<Value> query(const Value& root, std::string_view text);

}  // namespace json::path
