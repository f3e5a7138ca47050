#pragma once

#include "ast.hpp"

namespace calc {
/// Folds constants and drops operations that change nothing.
class Optimizer {
public:
    ExprPtr run(ExprPtr expr);
    int rewrites() const { return rewrites_; }

private:
    ExprPtr simplify(Unary& unary);
    ExprPtr simplify(Binary& binary);

    int rewrites_ = 0;
};
}  // namespace calc
