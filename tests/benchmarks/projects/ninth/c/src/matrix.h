#ifndef LINKIT_MATRIX_H
#define LINKIT_MATRIX_H

#include <stddef.h>
#include <stdio.h>

/* Outcome of the operations of the toolkit. */
typedef enum { MAT_OK, MAT_ESHAPE, MAT_ESINGULAR, MAT_ENOMEM, MAT_EUNKNOWN, MAT_ESYNTAX } mat_status;

/* Leaves the enclosing function when an operation fails. */
#define TRY(expr)                        \
    do {                                 \
        mat_status try_status_ = (expr); \
        if (try_status_ != MAT_OK)       \
            return try_status_;          \
    } while (0)

/* A dense matrix; the elements are stored row by row. */
typedef struct {
    size_t rows;
    size_t cols;
    double *data;
} matrix;

#define MAT_AT(m, r, c) ((m)->data[(r) * (m)->cols + (c)])

typedef double (*mat_op)(double a, double b);

const char *mat_strerror(mat_status status);

mat_status matrix_init(matrix *m, size_t rows, size_t cols);
mat_status matrix_identity(matrix *m, size_t n);
mat_status matrix_copy(matrix *out, const matrix *m);
void matrix_free(matrix *m);

/* Combines two matrices of the same shape element by element. */
mat_status matrix_zip(matrix *out, const matrix *a, const matrix *b, mat_op op);
mat_status matrix_multiply(matrix *out, const matrix *a, const matrix *b);
mat_status matrix_transpose(matrix *out, const matrix *m);
void matrix_swap_rows(matrix *m, size_t a, size_t b);
void matrix_print(const matrix *m, FILE *out);

#endif
