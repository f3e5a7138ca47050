#ifndef LINKIT_SOLVE_H
#define LINKIT_SOLVE_H

#include "matrix.h"

/* Solves a * x = b by Gaussian elimination with partial pivoting. */
mat_status linear_solve(matrix *x, const matrix *a, const matrix *b);
mat_status linear_inverse(matrix *out, const matrix *a);

#endif
