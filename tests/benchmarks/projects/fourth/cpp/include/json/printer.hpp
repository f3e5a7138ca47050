#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "value.hpp"

namespace json {

/// Writes values to a stream. Subclasses decide what stands between the parts.
class Printer {
public:
    explicit Printer(std::ostream& out) : out_(out) {}
    virtual ~Printer() = default;

    void print(const Value& value);
    std::size_t count() const noexcept { return count_; }

protected:
    virtual void open(char bracket) { put(bracket); }
    virtual void close(char bracket) { put(bracket); }
    virtual void separate() { put(','); }
    virtual void colon() { put(':'); }
    void put(char c) { out_ << c; }

    std::ostream& out_;

private:
    void write(std::nullptr_t);
    void write(bool value);
    void write(double value);
    void write(const std::string& value);
    void write(const Array& array);
    void write(const Object& object);

    std::size_t count_ = 0;
};

class CompactPrinter final : public Printer {
public:
    using Printer::Printer;
};

class PrettyPrinter final : public Printer {
public:
    static constexpr int kIndent = 2;

    explicit PrettyPrinter(std::ostream& out, int indent = kIndent) : Printer(out), indent_(indent) {}

protected:
    void open(char bracket) override;
    void close(char bracket) override;
    void separate() override;
    void colon() override;

private:
    void new_line();

    int indent_;
    int level_ = 0;
};

enum class Style { Compact, Pretty };

std::unique_ptr<Printer> make_printer(Style style, std::ostream& out);
std::string dump(const Value& value, Style style = Style::Compact);
std::ostream& operator<<(std::ostream& out, const Value& value);

}  // namespace json
