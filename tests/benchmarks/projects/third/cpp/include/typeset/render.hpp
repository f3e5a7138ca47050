#pragma once

#include <sstream>
#include "breaker.hpp"

namespace typeset::render {
/// Shared by the renderers: `Derived` supplies `begin`, `line` and `end`.
template <typename Derived>
class Renderer {
public:
    std::string render(const Nodes& nodes, const std::vector<Line>& lines, const Style& style) {
        auto& self = static_cast<Derived&>(*this);
        self.begin(lines.size());
        for (const Line& line : lines) self.line(nodes, line, style);
        self.end();
        return out_.str();
    }

protected:
    void begin(std::size_t) {}
    void end() {}
    std::ostringstream out_;
};

class Plain : public Renderer<Plain> {
    friend class Renderer<Plain>;
    static constexpr Length cell = 5_pt;
    void line(const Nodes& nodes, const Line& line, const Style& style);
};

class Json : public Renderer<Json> {
public:
    explicit Json(bool ratios = false) : ratios(ratios) {}
    bool ratios;

private:
    friend class Renderer<Json>;
    void begin(std::size_t size) { out_ << "{\"size\":" << size << ",\"lines\":["; }
    void line(const Nodes& nodes, const Line& line, const Style&);
    void end() { out_ << "]}"; }
    const char* separator_ = "";
};

namespace detail {
std::vector<std::string> words(const Nodes& nodes, const Line& line);
std::string join(const std::vector<std::string>& words, std::size_t room);
}  // namespace detail
}  // namespace typeset::render
