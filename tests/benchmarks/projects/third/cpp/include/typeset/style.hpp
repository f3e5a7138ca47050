#pragma once
#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include "length.hpp"

namespace typeset {
#define TYPESET_ALIGNMENTS(X) X(Left) X(Right) X(Center) X(Justify)

enum class Align {
#define TYPESET_ENUM(name) name,
    TYPESET_ALIGNMENTS(TYPESET_ENUM)
#undef TYPESET_ENUM
};

inline constexpr std::array all_alignments{Align::Left, Align::Right, Align::Center, Align::Justify};

std::string_view name(Align align);

class Font {
public:
    explicit Font(std::string name, Length size = default_size) : name_(std::move(name)), size_(size) {
        ++count_;
    }

    const std::string& name() const noexcept { return name_; }
    Length size() const noexcept { return size_; }
    Font& size(Length size) {
        size_ = size;
        return *this;
    }
    Length width(char c) const;
    Length width(std::string_view text) const;
    static int count() { return count_; }

private:
    static constexpr Length default_size = 10_pt;
    static inline int count_ = 0;
    std::string name_;
    Length size_;
};

struct Style {
    using Transform = std::function<std::string(std::string)>;

    Align align = Align::Left;
    Length width = 180_pt;
    Length indent = {};
    Transform transform = nullptr;

    std::string apply(const std::string& text) const { return transform ? transform(text) : text; }
};

/// Things kept by name; `get` falls back to the entry "default".
template <typename T>
class Registry {
public:
    using value_type = T;
    using map_type = std::map<std::string, T, std::less<>>;

    template <typename... Args>
    T& add(std::string name, Args&&... args) {
        return items_.insert_or_assign(std::move(name), T{std::forward<Args>(args)...}).first->second;
    }
    const T& get(std::string_view name) const;
    const T& operator[](std::string_view name) const { return get(name); }
    std::size_t size() const { return items_.size(); }
    auto begin() const { return items_.begin(); }
    typename map_type::const_iterator end() const { return items_.end(); }

private:
    map_type items_;
};

template <typename T>
const T& Registry<T>::get(std::string_view name) const {
    const auto found = items_.find(name);
    return found != end() ? found->second : items_.at("default");
}
}  // namespace typeset
