#include "polynomial.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace algebra {

const Polynomial Polynomial::X{std::vector<value_type>{0, 1}};

void Polynomial::trim() {
    while (coeffs_.size() > 1 && std::abs(coeffs_.back()) < epsilon) coeffs_.pop_back();
}

Polynomial::value_type Polynomial::operator()(value_type x) const {
    value_type value = 0;
    for (auto it = coeffs_.rbegin(); it != coeffs_.rend(); ++it) value = value * x + *it;
    return value;
}

Polynomial Polynomial::derivative() const {
    std::vector<value_type> coeffs{0};
    if (!is_constant()) coeffs.resize(degree());
    for (int i = 1; i <= degree(); ++i) coeffs[i - 1] = i * at(i);
    return Polynomial(coeffs);
}

Polynomial Polynomial::power(unsigned n) const {
    if (n == 0) return 1;
    const Polynomial half = power(n / 2);
    return n % 2 ? half * half * *this : half * half;
}

// Looks for changes of sign on a grid and bisects each of them.
std::vector<double> Polynomial::roots(value_type lo, value_type hi, int steps) const {
    std::vector<value_type> roots;
    const auto bisect = [this](value_type a, value_type b) {
        while (b - a > epsilon) {
            const value_type mid = (a + b) / 2;
            ((*this)(a) * (*this)(mid) <= 0 ? b : a) = mid;
        }
        return (a + b) / 2;
    };
    const value_type step = (hi - lo) / steps;
    for (int i = 0; i < steps; ++i) {
        const value_type x = lo + i * step;
        if ((*this)(x) == 0) roots.push_back(x);
        else if ((*this)(x) * (*this)(x + step) < 0) roots.push_back(bisect(x, x + step));
    }
    return roots;
}

std::string Polynomial::to_string(const std::string& name) const {
    std::ostringstream out;
    for (int i = degree(); i >= 0; --i) {
        const value_type c = at(i);
        if (c == 0 && degree() > 0) continue;
        if (i < degree()) out << (c < 0 ? " - " : " + ");
        const value_type size = i < degree() ? std::abs(c) : c;
        if (size != 1 || i == 0) out << size;
        if (i > 0) out << name;
        if (i > 1) out << '^' << i;
    }
    return out.str();
}

Polynomial& Polynomial::operator+=(const Polynomial& other) {
    coeffs_.resize(std::max(coeffs_.size(), other.coeffs_.size()));
    for (int i = 0; i <= other.degree(); ++i) coeffs_[i] += other.coeffs_[i];
    trim();
    return *this;
}

Polynomial operator*(const Polynomial& a, const Polynomial& b) {
    std::vector<double> coeffs(a.degree() + b.degree() + 1);
    for (int i = 0; i <= a.degree(); ++i)
        for (int j = 0; j <= b.degree(); ++j) coeffs[i + j] += a.at(i) * b.at(j);
    return Polynomial(coeffs);
}

std::ostream& operator<<(std::ostream& out, const Polynomial& p) { return out << p.to_string(); }

}  // namespace algebra
