#pragma once

#include <vector>

#include "ast.hpp"
#include "lexer.hpp"

namespace calc {
/// Precedence-climbing parser for statements separated by semicolons.
class Parser {
public:
    explicit Parser(const std::string& source);

    std::vector<Statement> parse();

private:
    Statement statement();
    ExprPtr expression(int min_precedence = 0);
    ExprPtr primary();

    Token advance();
    bool accept(const std::string& text);
    void expect(const std::string& text);
    [[noreturn]] void fail(const std::string& wanted) const;

    Lexer lexer_;
    Token current_;
};
}  // namespace calc
