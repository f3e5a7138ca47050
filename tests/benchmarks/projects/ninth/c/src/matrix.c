#include "matrix.h"

#include <stdlib.h>
#include <string.h>

const char *mat_strerror(mat_status status)
{
    static const char *const messages[] = {
        [MAT_OK] = "ok",
        [MAT_ESHAPE] = "shapes do not fit",
        [MAT_ESINGULAR] = "matrix is singular",
        [MAT_ENOMEM] = "out of memory",
        [MAT_EUNKNOWN] = "unknown name",
        [MAT_ESYNTAX] = "cannot read the command",
    };
    return messages[status];
}

mat_status matrix_init(matrix *m, size_t rows, size_t cols)
{
    m->rows = rows;
    m->cols = cols;
    m->data = calloc(rows * cols, sizeof *m->data);
    return m->data ? MAT_OK : MAT_ENOMEM;
}

mat_status matrix_identity(matrix *m, size_t n)
{
    TRY(matrix_init(m, n, n));
    for (size_t i = 0; i < n; i++)
        MAT_AT(m, i, i) = 1.0;
    return MAT_OK;
}

mat_status matrix_copy(matrix *out, const matrix *m)
{
    TRY(matrix_init(out, m->rows, m->cols));
    memcpy(out->data, m->data, m->rows * m->cols * sizeof *m->data);
    return MAT_OK;
}

void matrix_free(matrix *m)
{
    free(m->data);
    m->data = NULL;
}

mat_status matrix_zip(matrix *out, const matrix *a, const matrix *b, mat_op op)
{
    if (a->rows != b->rows || a->cols != b->cols)
        return MAT_ESHAPE;
    TRY(matrix_init(out, a->rows, a->cols));
    for (size_t i = 0; i < a->rows * a->cols; i++)
        out->data[i] = op(a->data[i], b->data[i]);
    return MAT_OK;
}

mat_status matrix_multiply(matrix *out, const matrix *a, const matrix *b)
{
    if (a->cols != b->rows)
        return MAT_ESHAPE;
    TRY(matrix_init(out, a->rows, b->cols));
    for (size_t r = 0; r < a->rows; r++)
        for (size_t k = 0; k < a->cols; k++)
            for (size_t c = 0; c < b->cols; c++)
                MAT_AT(out, r, c) += MAT_AT(a, r, k) * MAT_AT(b, k, c);
    return MAT_OK;
}

mat_status matrix_transpose(matrix *out, const matrix *m)
{
    TRY(matrix_init(out, m->cols, m->rows));
    for (size_t r = 0; r < m->rows; r++)
        for (size_t c = 0; c < m->cols; c++)
            MAT_AT(out, c, r) = MAT_AT(m, r, c);
    return MAT_OK;
}

void matrix_swap_rows(matrix *m, size_t a, size_t b)
{
    for (size_t c = 0; c < m->cols; c++) {
        double held = MAT_AT(m, a, c);
        MAT_AT(m, a, c) = MAT_AT(m, b, c);
        MAT_AT(m, b, c) = held;
    }
}

void matrix_print(const matrix *m, FILE *out)
{
    for (size_t r = 0; r < m->rows; r++) {
        for (size_t c = 0; c < m->cols; c++)
            fprintf(out, "%9.3f", MAT_AT(m, r, c));
        fputc('\n', out);
    }
}
