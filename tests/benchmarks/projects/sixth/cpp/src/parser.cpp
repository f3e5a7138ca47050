#include "parser.hpp"

#include <map>

namespace calc {
namespace {
struct Infix { Op op; int precedence; bool right_assoc = false; };

constexpr int kUnaryPrecedence = 3;

const std::map<std::string, Infix> kInfixes = {
    {"+", {Op::Add, 1}}, {"-", {Op::Sub, 1}},       {"*", {Op::Mul, 2}},
    {"/", {Op::Div, 2}}, {"^", {Op::Pow, 4, true}},
};
}  // namespace

Parser::Parser(const std::string& source) : lexer_(source), current_(lexer_.next()) {}

std::vector<Statement> Parser::parse() {
    std::vector<Statement> program;
    do {
        program.push_back(statement());
    } while (accept(";"));
    if (current_.kind != TokenKind::End) fail("';'");
    return program;
}

Statement Parser::statement() {
    if (!accept("let")) return {"", expression()};
    if (current_.kind != TokenKind::Name) fail("a name");
    std::string name = advance().text;
    expect("=");
    return {std::move(name), expression()};
}

ExprPtr Parser::expression(int min_precedence) {
    ExprPtr left = accept("-") ? make(Unary{Op::Neg, expression(kUnaryPrecedence)}) : primary();
    while (true) {
        const auto found = kInfixes.find(current_.text);
        if (found == kInfixes.end() || found->second.precedence < min_precedence) return left;
        const auto [op, precedence, right_assoc] = found->second;
        advance();
        ExprPtr right = expression(right_assoc ? precedence : precedence + 1);
        left = make(Binary{op, std::move(left), std::move(right)});
    }
}

ExprPtr Parser::primary() {
    if (current_.kind == TokenKind::Number) return make(Number{std::stod(advance().text)});
    std::string name = current_.kind == TokenKind::Name ? advance().text : "";
    if (accept("(")) {
        ExprPtr inner = expression();
        expect(")");
        return name.empty() ? std::move(inner) : make(Call{std::move(name), std::move(inner)});
    }
    if (name.empty()) fail("an expression");
    return make(Variable{std::move(name)});
}

Token Parser::advance() {
    return std::exchange(current_, lexer_.next());
}

bool Parser::accept(const std::string& text) {
    if (current_.text != text) return false;
    advance();
    return true;
}

void Parser::expect(const std::string& text) {
    if (!accept(text)) fail("'" + text + "'");
}

void Parser::fail(const std::string& wanted) const {
    throw SyntaxError("expected " + wanted + " but found '" + current_.text + "'", current_.column);
}
}  // namespace calc
