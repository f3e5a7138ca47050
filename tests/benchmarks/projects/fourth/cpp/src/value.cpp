#include "../include/json/value.hpp"

#include <algorithm>

namespace json {
namespace {

constexpr const char* kKindNames[] = {"null", "boolean", "number", "string", "array", "object"};

template <typename Members>
auto locate(Members& members, std::string_view key) {
    return std::find_if(members.begin(), members.end(),
                        [key](const auto& member) { return member.first == key; });
}

}  // namespace

const char* to_string(Kind kind) noexcept { return kKindNames[static_cast<std::size_t>(kind)]; }

TypeError::TypeError(Kind expected, Kind actual)
    : std::runtime_error(std::string("expected ") + to_string(expected) + ", found " + to_string(actual)),
      expected_(expected) {}

Value& Object::operator[](std::string_view key) {
    auto found = locate(members_, key);
    if (found != members_.end()) return found->second;
    return members_.emplace_back(std::string(key), Value()).second;
}

const Value* Object::find(std::string_view key) const {
    auto found = locate(members_, key);
    return found == members_.end() ? nullptr : &found->second;
}

bool Object::erase(std::string_view key) {
    auto found = locate(members_, key);
    if (found == members_.end()) return false;
    members_.erase(found);
    return true;
}

Array& Value::as_array() {
    if (is(Kind::Null)) data_ = Array{};
    if (!is(Kind::Array)) throw TypeError(Kind::Array, kind());
    return std::get<Array>(data_);
}

Object& Value::as_object() {
    if (is(Kind::Null)) data_ = Object{};
    if (!is(Kind::Object)) throw TypeError(Kind::Object, kind());
    return std::get<Object>(data_);
}

std::size_t Value::size() const noexcept {
    if (auto* array = std::get_if<Array>(&data_)) return array->size();
    if (auto* object = std::get_if<Object>(&data_)) return object->size();
    return 0;
}

std::size_t Value::depth() const {
    std::size_t depth = 0;
    if (auto* array = std::get_if<Array>(&data_)) {
        for (const Value& value : *array) depth = std::max(depth, value.depth() + 1);
    } else if (auto* object = std::get_if<Object>(&data_)) {
        for (const auto& [key, value] : *object) depth = std::max(depth, value.depth() + 1);
    }
    return depth;
}

bool operator==(const Object& a, const Object& b) {
    return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&b](const auto& member) {
        const Value* match = b.find(member.first);
        return match && *match == member.second;
    });
}

bool operator==(const Value& a, const Value& b) { return a.data_ == b.data_; }

}  // namespace json
