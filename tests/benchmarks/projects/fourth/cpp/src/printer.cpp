#include "../include/json/printer.hpp"

#include <sstream>

namespace json {

void Printer::print(const Value& value) {
    ++count_;
    value.visit([this](const auto& data) { write(data); });
}

void Printer::write(std::nullptr_t) { out_ << "null"; }
void Printer::write(bool value) { out_ << (value ? "true" : "false"); }
void Printer::write(double value) { out_ << value; }

void Printer::write(const std::string& value) {
    put('"');
    for (char c : value) {
        if (c == '"' || c == '\\') put('\\');
        put(c);
    }
    put('"');
}

void Printer::write(const Array& array) {
    if (array.empty()) return void(out_ << "[]");
    open('[');
    bool first = true;
    for (const Value& value : array) {
        if (!std::exchange(first, false)) separate();
        print(value);
    }
    close(']');
}

void Printer::write(const Object& object) {
    if (object.size() == 0) return void(out_ << "{}");
    open('{');
    bool first = true;
    for (const auto& [key, value] : object) {
        if (!std::exchange(first, false)) separate();
        write(key);
        colon();
        print(value);
    }
    close('}');
}

void PrettyPrinter::open(char bracket) {
    Printer::open(bracket);
    ++level_;
    new_line();
}

void PrettyPrinter::close(char bracket) {
    --level_;
    new_line();
    Printer::close(bracket);
}

void PrettyPrinter::separate() {
    Printer::separate();
    new_line();
}

void PrettyPrinter::colon() {
    Printer::colon();
    put(' ');
}

void PrettyPrinter::new_line() { out_ << '\n' << std::string(level_ * indent_, ' '); }

std::unique_ptr<Printer> make_printer(Style style, std::ostream& out) {
    if (style == Style::Pretty) return std::make_unique<PrettyPrinter>(out);
    return std::make_unique<CompactPrinter>(out);
}

std::string dump(const Value& value, Style style) {
    std::ostringstream out;
    make_printer(style, out)->print(value);
    return out.str();
}

std::ostream& operator<<(std::ostream& out, const Value& value) { return out << dump(value); }

}  // namespace json
