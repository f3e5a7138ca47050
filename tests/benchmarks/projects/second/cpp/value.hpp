#pragma once

#include <cstddef>
#include <initializer_list>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace config {

enum class Type { Null, Number, Text, List, Table };

class Value;
using List = std::vector<Value>;
using Table = std::map<std::string, Value, std::less<>>;

/// A value of a configuration; see Value::type.
class Value {
public:
    Value() = default;
    Value(double number) : data_(number) {}
    Value(std::string text) : data_(std::move(text)) {}
    Value(const char *text) : Value(std::string(text)) {}
    Value(List list);
    Value(std::initializer_list<Table::value_type> entries);

    [[nodiscard]] Type type() const noexcept;
    bool empty() const { return type() == Type::Null; }

    template <typename T>
    const T *as() const { return std::get_if<T>(&data_); }

    template <typename T>
    T get(const T &fallback = T()) const
    {
        const T *found = as<T>();
        return found ? *found : fallback;
    }

    const Value &operator[](std::string_view key) const;
    const Value &operator[](std::size_t index) const;
    Value &at(const std::string &key);

    std::size_t size() const;
    friend bool operator==(const Value &left, const Value &right);
    friend std::ostream &operator<<(std::ostream &out, const Value &value);

    static const Value null;

private:
    class Printer;
    std::variant<std::monostate, double, std::string, List, std::shared_ptr<Table>> data_;
};

bool operator==(const Value &left, const Value &right);
const char *name(Type type);

}  // namespace config
