#ifndef TABLE_H
#define TABLE_H

#include <stddef.h>

#define MAX_COLUMNS 16

enum column_type { COL_NUMBER, COL_TEXT };

/* One column; only the array that belongs to its type is used. */
struct column {
    char *name;
    enum column_type type;
    double *numbers;
    char **texts;
};

struct table {
    struct column columns[MAX_COLUMNS];
    size_t ncolumns;
    size_t nrows;
    size_t capacity;
};

void table_add_column(struct table *t, const char *name, enum column_type type);
void table_append(struct table *t, char *const *fields);
void table_free(struct table *t);
int table_find(const struct table *t, const char *name);

/* Compares two cells of one column, as strcmp does. */
int table_compare(const struct table *t, int column, size_t a, size_t b);

/*
 * Reads CSV text. The header names the columns; a name that ends in "#" is a
 * column of numbers. Returns 0, or the number of the bad line.
 */
int table_read_csv(struct table *t, const char *text);

#endif
