#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace algebra {

/// A polynomial in one variable; the coefficient of x^i is at(i).
class Polynomial {
public:
    using value_type = double;
    static constexpr value_type epsilon = 1e-9;
    static const Polynomial X;

    Polynomial(value_type constant = 0) : Polynomial(std::vector<value_type>{constant}) {}
    explicit Polynomial(std::vector<value_type> coeffs) : coeffs_(std::move(coeffs)) { trim(); }

    int degree() const { return static_cast<int>(coeffs_.size()) - 1; }
    bool is_constant() const { return degree() <= 0; }
    value_type at(int i) const { return i <= degree() ? coeffs_[i] : 0; }
    value_type operator()(value_type x) const;
    Polynomial derivative() const;
    Polynomial power(unsigned n) const;
    std::vector<value_type> roots(value_type lo, value_type hi, int steps = 64) const;
    std::string to_string(const std::string& name = "x") const;

    Polynomial& operator+=(const Polynomial& other);
    friend Polynomial operator*(const Polynomial& a, const Polynomial& b);
    friend Polynomial operator+(Polynomial a, const Polynomial& b) { return a += b; }
    friend Polynomial operator-(Polynomial a, const Polynomial& b) { return a += b * Polynomial(-1); }

private:
    void trim();
    std::vector<value_type> coeffs_;
};

std::ostream& operator<<(std::ostream& out, const Polynomial& p);

}  // namespace algebra
