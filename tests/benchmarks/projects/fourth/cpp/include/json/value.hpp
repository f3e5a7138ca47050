#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace json {

class Value;

using Array = std::vector<Value>;

/// An object that keeps its members in the order of the text.
class Object {
public:
    using Member = std::pair<std::string, Value>;
    using const_iterator = std::vector<Member>::const_iterator;

    Value& operator[](std::string_view key);
    const Value* find(std::string_view key) const;
    bool erase(std::string_view key);

    std::size_t size() const noexcept { return members_.size(); }
    const_iterator begin() const noexcept { return members_.begin(); }
    const_iterator end() const noexcept { return members_.end(); }
    friend bool operator==(const Object& a, const Object& b);

private:
    std::vector<Member> members_;
};

enum class Kind : std::uint8_t { Null, Bool, Number, String, Array, Object };

const char* to_string(Kind kind) noexcept;

/// Thrown when a value is asked for something that its kind does not have.
class TypeError : public std::runtime_error {
public:
    TypeError(Kind expected, Kind actual);

    Kind expected() const noexcept { return expected_; }

private:
    Kind expected_;
};

class Value {
public:
    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : data_(value) {}
    Value(double value) : data_(value) {}
    Value(int value) : data_(static_cast<double>(value)) {}
    Value(std::string value) : data_(std::move(value)) {}
    Value(const char* value) : data_(std::string(value)) {}
    Value(Array value) : data_(std::move(value)) {}
    Value(Object value) : data_(std::move(value)) {}

    Kind kind() const noexcept { return static_cast<Kind>(data_.index()); }
    bool is(Kind kind) const noexcept { return this->kind() == kind; }

    template <typename T>
    const T& get() const {
        if (const T* value = std::get_if<T>(&data_)) return *value;
        throw TypeError(kind_of<T>(), kind());
    }

    template <typename T>
    T value_or(T fallback) const {
        const T* value = std::get_if<T>(&data_);
        return value ? *value : std::move(fallback);
    }

    /// Calls the visitor with whatever the value holds.
    template <typename Visitor>
    decltype(auto) visit(Visitor&& visitor) const {
        return std::visit(std::forward<Visitor>(visitor), data_);
    }

    Array& as_array();
    Object& as_object();

    /// The number of elements of an array or members of an object, otherwise 0.
    std::size_t size() const noexcept;
    /// One more than the depth of the deepest child; scalars have depth 0.
    std::size_t depth() const;

    friend bool operator==(const Value& a, const Value& b);
    friend bool operator!=(const Value& a, const Value& b) { return !(a == b); }

private:
    using Data = std::variant<std::nullptr_t, bool, double, std::string, Array, Object>;

    template <typename T>
    static Kind kind_of() {
        return Value(T{}).kind();
    }

    Data data_ = nullptr;
};

}  // namespace json
