#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace calc {
enum class Op { Add, Sub, Mul, Div, Pow, Neg };

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

struct Number { double value; };
struct Variable { std::string name; };
struct Unary { Op op; ExprPtr operand; };
struct Binary { Op op; ExprPtr left, right; };
struct Call { std::string function; ExprPtr arg; };

struct Expr { std::variant<Number, Variable, Unary, Binary, Call> node; };

/// Wraps any kind of node into an expression.
template <typename Node>
ExprPtr make(Node node) {
    return std::make_unique<Expr>(Expr{std::move(node)});
}

/// `let name = expr`, or a bare expression to print when the name is empty.
struct Statement { std::string name; ExprPtr expr; };

/// Joins lambdas into one visitor for std::visit.
template <typename... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};
template <typename... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;
}  // namespace calc
