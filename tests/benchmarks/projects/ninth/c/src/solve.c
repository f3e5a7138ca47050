#include "solve.h"

#include <math.h>

#define EPSILON 1e-12

static size_t find_pivot(const matrix *m, size_t col)
{
    size_t best = col;
    for (size_t r = col + 1; r < m->rows; r++)
        if (fabs(MAT_AT(m, r, col)) > fabs(MAT_AT(m, best, col)))
            best = r;
    return best;
}

static void subtract_row(matrix *m, size_t target, size_t source, double factor)
{
    for (size_t c = 0; c < m->cols; c++)
        MAT_AT(m, target, c) -= factor * MAT_AT(m, source, c);
}

/* Brings `a` to upper triangular form and repeats each step on `b`. */
static mat_status eliminate(matrix *a, matrix *b)
{
    for (size_t col = 0; col < a->cols; col++) {
        size_t pivot = find_pivot(a, col);
        if (fabs(MAT_AT(a, pivot, col)) < EPSILON)
            return MAT_ESINGULAR;
        if (pivot != col) {
            matrix_swap_rows(a, pivot, col);
            matrix_swap_rows(b, pivot, col);
        }
        for (size_t r = col + 1; r < a->rows; r++) {
            double factor = MAT_AT(a, r, col) / MAT_AT(a, col, col);
            subtract_row(a, r, col, factor);
            subtract_row(b, r, col, factor);
        }
    }
    return MAT_OK;
}

static void back_substitute(const matrix *upper, matrix *b)
{
    for (size_t r = upper->rows; r-- > 0;) {
        for (size_t c = 0; c < b->cols; c++)
            MAT_AT(b, r, c) /= MAT_AT(upper, r, r);
        for (size_t above = 0; above < r; above++)
            subtract_row(b, above, r, MAT_AT(upper, above, r));
    }
}

mat_status linear_solve(matrix *x, const matrix *a, const matrix *b)
{
    matrix work;

    if (a->rows != a->cols || a->rows != b->rows)
        return MAT_ESHAPE;
    TRY(matrix_copy(&work, a));
    mat_status status = matrix_copy(x, b);
    if (status == MAT_OK)
        status = eliminate(&work, x);
    if (status == MAT_OK)
        back_substitute(&work, x);
    else
        matrix_free(x);
    matrix_free(&work);
    return status;
}

mat_status linear_inverse(matrix *out, const matrix *a)
{
    matrix unit;

    TRY(matrix_identity(&unit, a->rows));
    mat_status status = linear_solve(out, a, &unit);
    matrix_free(&unit);
    return status;
}
