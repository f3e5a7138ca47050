#ifndef LINKIT_INTERP_H
#define LINKIT_INTERP_H

#include "matrix.h"

#define MAX_VARS 16
#define MAX_ELEMENTS 64
#define NAME_LEN 8

typedef struct {
    char name[NAME_LEN];
    matrix value;
} variable;

/* The state of a session; all but `out` starts as zero. */
typedef struct {
    variable vars[MAX_VARS];
    size_t count;
    FILE *out;
} interp;

void interp_close(interp *in);

/* Runs one line, e.g. "let A 1 2; 3 4" or "solve x A b". */
mat_status interp_run(interp *in, const char *line);

#endif
