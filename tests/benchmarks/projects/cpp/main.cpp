#include "matrix.hpp"

#include <iostream>
#include <memory>

using grid::Axis;
using grid::Matrix;

struct Totals {
    double rows = 0;
    double columns = 0;

    void add(const Matrix &matrix)
    {
        rows += matrix.sum(Axis::Row, 0);
        columns += matrix.sum(Axis::Column, 0);
    }
};

static Matrix sample(std::size_t rows, std::size_t columns)
{
    Matrix result(rows, columns, 1.0);
    result.at(0, 0) = 5.0;
    return result;
}

int main()
{
    const Matrix first = sample(2, 3);
    const Matrix twice = grid::mapped(first, [](double value) { return 2 * value; });
    const Matrix product = first * twice.transposed();
    std::unique_ptr<grid::Shape> shape = std::make_unique<Matrix>(product);
    Totals totals;
    totals.add(first);
    totals.add(product);
    std::cout << shape->describe() << ' ' << shape->rows() << ' ' << totals.rows << ' ' << totals.columns << '\n';
    std::cout << grid::close(Matrix::identity(2) * product, product) << ' ' << product.columns() << '\n';
    return 0;
}
