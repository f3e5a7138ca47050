#include "optimizer.hpp"
#include "machine.hpp"

namespace calc {
static const double* constant(const ExprPtr& expr) {
    const auto* number = std::get_if<Number>(&expr->node);
    return number ? &number->value : nullptr;
}

ExprPtr Optimizer::run(ExprPtr expr) {
    ExprPtr better = std::visit(
        Overloaded{
            [this](Unary& unary) { return simplify(unary); },
            [this](Binary& binary) { return simplify(binary); },
            [this](Call& call) {
                call.arg = run(std::move(call.arg));
                return ExprPtr{};
            },
            [](auto&) { return ExprPtr{}; },
        },
        expr->node);
    if (!better) return expr;
    ++rewrites_;
    return better;
}

// Both overloads return null when the node has to stay.
ExprPtr Optimizer::simplify(Unary& unary) {
    unary.operand = run(std::move(unary.operand));
    if (const double* value = constant(unary.operand)) return make(Number{apply(unary.op, *value)});
    auto* inner = std::get_if<Unary>(&unary.operand->node);
    return inner ? std::move(inner->operand) : nullptr;
}

ExprPtr Optimizer::simplify(Binary& binary) {
    auto& [op, left, right] = binary;
    left = run(std::move(left));
    right = run(std::move(right));
    const double* a = constant(left);
    const double* b = constant(right);
    if (op == Op::Div && b && *b == 0) return nullptr;
    if (a && b) return make(Number{apply(op, *a, *b)});

    const double neutral = op == Op::Add || op == Op::Sub ? 0 : 1;
    const bool commutes = op == Op::Add || op == Op::Mul;
    if (b && *b == neutral) return std::move(left);
    if (a && *a == neutral && commutes) return std::move(right);
    return nullptr;
}
}  // namespace calc
