#include "matrix.hpp"

#include <cmath>
#include <stdexcept>

namespace grid {

namespace {

std::size_t offset(const Shape &shape, std::size_t row, std::size_t column)
{
    if (row >= shape.rows() || column >= shape.columns())
        throw std::out_of_range("no such cell");
    return row * shape.columns() + column;
}

} // namespace

std::string Shape::describe() const
{
    return std::to_string(rows_) + "x" + std::to_string(columns_);
}

Matrix::Matrix(std::size_t rows, std::size_t columns, double fill)
    : Shape(rows, columns), cells_(rows * columns, fill)
{
}

double &Matrix::at(std::size_t row, std::size_t column)
{
    return cells_[offset(*this, row, column)];
}

double Matrix::at(std::size_t row, std::size_t column) const
{
    return cells_.at(offset(*this, row, column));
}

Matrix Matrix::transposed() const
{
    Matrix result(columns_, rows_);
    for (std::size_t row = 0; row < rows_; ++row)
        for (std::size_t column = 0; column < columns_; ++column)
            result.at(column, row) = at(row, column);
    return result;
}

double Matrix::sum(Axis axis, std::size_t index) const
{
    double sum = 0;
    const std::size_t count = axis == Axis::Row ? columns_ : rows_;
    for (std::size_t step = 0; step < count; ++step)
        sum += axis == Axis::Row ? at(index, step) : at(step, index);
    return sum;
}

std::string Matrix::describe() const
{
    return "matrix " + Shape::describe();
}

Matrix Matrix::identity(std::size_t size)
{
    Matrix result(size, size);
    for (std::size_t step = 0; step < size; ++step)
        result.at(step, step) = 1.0;
    return result;
}

Matrix operator*(const Matrix &left, const Matrix &right)
{
    Matrix result(left.rows(), right.columns());
    for (std::size_t row = 0; row < left.rows(); ++row)
        for (std::size_t column = 0; column < right.columns(); ++column)
            for (std::size_t step = 0; step < left.columns(); ++step)
                result.at(row, column) += left.at(row, step) * right.at(step, column);
    return result;
}

bool close(const Matrix &left, const Matrix &right)
{
    if (left.rows() != right.rows() || left.columns() != right.columns())
        return false;
    for (std::size_t row = 0; row < left.rows(); ++row)
        for (std::size_t column = 0; column < left.columns(); ++column)
            if (std::fabs(left.at(row, column) - right.at(row, column)) > tolerance)
                return false;
    return true;
}

} // namespace grid
