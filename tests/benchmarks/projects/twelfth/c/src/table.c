#define _POSIX_C_SOURCE 200809L
#include "table.h"

#include <stdlib.h>
#include <string.h>

#define GROW(array, n) ((array) = realloc((array), (n) * sizeof *(array)))

void table_add_column(struct table *t, const char *name, enum column_type type) {
    t->columns[t->ncolumns++] = (struct column){.name = strdup(name), .type = type};
}

void table_free(struct table *t) {
    for (size_t c = 0; c < t->ncolumns; c++) {
        struct column *col = &t->columns[c];
        for (size_t r = 0; col->texts != NULL && r < t->nrows; r++)
            free(col->texts[r]);
        free(col->texts);
        free(col->numbers);
        free(col->name);
    }
}

int table_find(const struct table *t, const char *name) {
    for (size_t c = 0; c < t->ncolumns; c++)
        if (strcmp(t->columns[c].name, name) == 0)
            return (int)c;
    return -1;
}

void table_append(struct table *t, char *const *fields) {
    int full = t->nrows == t->capacity;
    if (full)
        t->capacity = t->capacity ? t->capacity * 2 : 8;
    for (size_t c = 0; c < t->ncolumns; c++) {
        struct column *col = &t->columns[c];
        if (full && col->type == COL_NUMBER)
            GROW(col->numbers, t->capacity);
        else if (full)
            GROW(col->texts, t->capacity);
        if (col->type == COL_NUMBER)
            col->numbers[t->nrows] = strtod(fields[c], NULL);
        else
            col->texts[t->nrows] = strdup(fields[c]);
    }
    t->nrows++;
}

int table_compare(const struct table *t, int column, size_t a, size_t b) {
    const struct column *col = &t->columns[column];
    if (col->type == COL_TEXT)
        return strcmp(col->texts[a], col->texts[b]);
    const double *v = col->numbers;
    return (v[a] > v[b]) - (v[a] < v[b]);
}
