#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace grid {

constexpr double tolerance = 1e-9;

enum class Axis { Row, Column };

class Shape {
public:
    Shape(std::size_t rows, std::size_t columns) : rows_(rows), columns_(columns) {}
    virtual ~Shape() = default;
    std::size_t rows() const { return rows_; }
    std::size_t columns() const { return columns_; }
    virtual std::string describe() const;

protected:
    std::size_t rows_;
    std::size_t columns_;
};

class Matrix : public Shape {
public:
    Matrix(std::size_t rows, std::size_t columns, double fill = 0.0);
    double &at(std::size_t row, std::size_t column);
    double at(std::size_t row, std::size_t column) const;
    Matrix transposed() const;
    double sum(Axis axis, std::size_t index) const;
    std::string describe() const override;
    static Matrix identity(std::size_t size);

private:
    std::vector<double> cells_;
};

Matrix operator*(const Matrix &left, const Matrix &right);
bool close(const Matrix &left, const Matrix &right);

template <typename Function>
Matrix mapped(const Matrix &matrix, Function function)
{
    Matrix result(matrix.rows(), matrix.columns());
    for (std::size_t row = 0; row < matrix.rows(); ++row)
        for (std::size_t column = 0; column < matrix.columns(); ++column)
            result.at(row, column) = function(matrix.at(row, column));
    return result;
}

} // namespace grid
