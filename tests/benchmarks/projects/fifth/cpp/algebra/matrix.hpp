#pragma once

#include <algorithm>
#include <initializer_list>
#include <ostream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "polynomial.hpp"

namespace algebra {

struct ShapeError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A dense matrix; T needs +, -, * and construction from a number.
template <typename T>
class Matrix {
public:
    Matrix(int rows, int cols) : rows_(rows), cols_(cols), data_(rows * cols, T(0)) {}
    Matrix(std::initializer_list<std::initializer_list<T>> rows)
        : Matrix(static_cast<int>(rows.size()), static_cast<int>(rows.begin()->size())) {
        auto it = data_.begin();
        for (const auto& row : rows) it = std::copy(row.begin(), row.end(), it);
    }

    static Matrix identity(int size) {
        Matrix m(size, size);
        for (int i = 0; i < size; ++i) m(i, i) = T(1);
        return m;
    }

    int rows() const { return rows_; }
    int cols() const { return cols_; }
    bool is_square() const { return rows_ == cols_; }
    T& operator()(int r, int c) { return data_[r * cols_ + c]; }
    const T& operator()(int r, int c) const { return data_[r * cols_ + c]; }

    Matrix transpose() const {
        Matrix m(cols_, rows_);
        for (int r = 0; r < rows_; ++r)
            for (int c = 0; c < cols_; ++c) m(c, r) = (*this)(r, c);
        return m;
    }

    /// The matrix without one row and one column.
    Matrix minor_at(int row, int col) const {
        Matrix m(rows_ - 1, cols_ - 1);
        for (int r = 0; r < m.rows_; ++r)
            for (int c = 0; c < m.cols_; ++c) m(r, c) = (*this)(r + (r >= row), c + (c >= col));
        return m;
    }

    template <typename F>
    auto map(F f) const -> Matrix<decltype(f(std::declval<T>()))> {
        Matrix<decltype(f(std::declval<T>()))> m(rows_, cols_);
        for (int r = 0; r < rows_; ++r)
            for (int c = 0; c < cols_; ++c) m(r, c) = f((*this)(r, c));
        return m;
    }

private:
    int rows_, cols_;
    std::vector<T> data_;
};

template <typename T>
Matrix<T> operator*(const Matrix<T>& a, const Matrix<T>& b) {
    if (a.cols() != b.rows()) throw ShapeError("cols of left and rows of right differ");
    Matrix<T> m(a.rows(), b.cols());
    for (int r = 0; r < m.rows(); ++r)
        for (int c = 0; c < m.cols(); ++c)
            for (int k = 0; k < a.cols(); ++k) m(r, c) += a(r, k) * b(k, c);
    return m;
}

template <typename T>
T determinant(const Matrix<T>& m) {
    if (!m.is_square()) throw ShapeError("determinant needs a square matrix");
    if (m.rows() == 0) return T(1);
    T sum(0);
    for (int c = 0; c < m.cols(); ++c) {
        const T term = m(0, c) * determinant(m.minor_at(0, c));
        sum = c % 2 ? sum - term : sum + term;
    }
    return sum;
}

template <typename T>
std::ostream& operator<<(std::ostream& out, const Matrix<T>& m) {
    for (int r = 0; r < m.rows(); ++r)
        for (int c = 0; c < m.cols(); ++c) out << (c ? ", " : r ? "; " : "[") << m(r, c);
    return out << ']';
}

/// det(x * I - m), whose roots are the eigenvalues.
inline Polynomial characteristic(const Matrix<double>& m) {
    auto poly = m.map([](double value) { return Polynomial(-value); });
    for (int i = 0; i < m.rows(); ++i) poly(i, i) += Polynomial::X;
    return determinant(poly);
}

}  // namespace algebra
