#include "value.hpp"

#include <ostream>

namespace config {

const Value Value::null;

class Value::Printer {
public:
    explicit Printer(std::ostream &out) : out(out) {}
    void operator()(std::monostate) { out << "null"; }
    void operator()(double number) { out << number; }
    void operator()(const std::string &text) { out << '"' << text << '"'; }
    void operator()(const List &list)
    {
        out << '[';
        for (std::size_t index = 0; index < list.size(); ++index) out << (index ? ", " : "") << list[index];
        out << ']';
    }
    void operator()(const std::shared_ptr<Table> &table)
    {
        const char *separator = "";
        out << '{';
        for (const auto &[key, value] : *table) {
            out << separator << key << ": " << value;
            separator = ", ";
        }
        out << '}';
    }

private:
    std::ostream &out;
};

Value::Value(List list) : data_(std::move(list)) {}

Value::Value(std::initializer_list<Table::value_type> entries) : data_(std::make_shared<Table>(entries)) {}

Type Value::type() const noexcept { return static_cast<Type>(data_.index()); }

const Value &Value::operator[](std::string_view key) const
{
    if (auto table = as<std::shared_ptr<Table>>()) {
        auto found = (*table)->find(key);
        if (found != (*table)->end()) return found->second;
    }
    return null;
}

const Value &Value::operator[](std::size_t index) const
{
    auto list = as<List>();
    return list && index < list->size() ? (*list)[index] : Value::null;
}

Value &Value::at(const std::string &key)
{
    if (type() != Type::Table) data_ = std::make_shared<Table>();
    return (*std::get<std::shared_ptr<Table>>(data_))[key];
}

std::size_t Value::size() const
{
    switch (type()) {
    case Type::List:
        return as<List>()->size();
    case Type::Table:
        return std::get<std::shared_ptr<Table>>(data_)->size();
    default:
        return empty() ? 0 : 1;
    }
}

bool operator==(const Value &left, const Value &right)
{
    return left.type() == right.type() && left.get<double>() == right.get<double>() &&
           left.get<std::string>() == right.get<std::string>();
}

std::ostream &operator<<(std::ostream &out, const Value &value)
{
    std::visit(Value::Printer(out), value.data_);
    return out;
}

const char *name(Type type)
{
    static const char *const names[] = {"null", "number", "text", "list", "table"};
    return names[static_cast<int>(type)];
}

}  // namespace config
