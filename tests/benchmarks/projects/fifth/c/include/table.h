#ifndef TABLE_H
#define TABLE_H

#include "wrap.h"

#define TABLE_MAX_COLS 6
#define TABLE_MAX_ROWS 32

struct column {
    const char *title;
    align_t align;
    int width;
    double (*total)(const double *values, size_t count); /* NULL: no total */
};

struct table {
    struct column cols[TABLE_MAX_COLS];
    size_t col_count;
    const char *const *rows[TABLE_MAX_ROWS]; /* the cells belong to the caller */
    size_t row_count;
};

struct table *table_new(const struct column *cols, size_t count);
bool table_add_row(struct table *table, const char *const *cells);
void table_print(const struct table *table, struct strbuf *out);

double total_sum(const double *values, size_t count);
double total_mean(const double *values, size_t count);

#endif /* TABLE_H */
