#pragma once

#include <stdexcept>
#include <string>

#include "expr.hpp"

namespace calc {

class Error : public std::runtime_error {
public:
    enum class Kind { Syntax, Name, Math };

    Error(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    Kind kind() const { return kind_; }

private:
    Kind kind_;
};

/// Recursive descent: sum > product > power > primary.
class Parser {
public:
    explicit Parser(std::string text) : text_(std::move(text)) {}
    ExprPtr parse();

private:
    ExprPtr sum();
    ExprPtr product();
    ExprPtr power();
    ExprPtr primary();
    char peek();
    bool accept(char c);
    void expect(char c);

    std::string text_;
    std::size_t pos_ = 0;
};

inline ExprPtr parse(const std::string& text) { return Parser(text).parse(); }

}  // namespace calc
