#ifndef QUERY_H
#define QUERY_H

#include <stdio.h>

#include "table.h"

struct condition {
    int column; /* -1 if every row is wanted */
    char op;    /* one of = < > */
    char text[32];
    double number;
};

/* Folds the values of a group; n is the number of values before this one. */
typedef double (*fold_fn)(double so_far, double value, size_t n);

struct output {
    char label[32];
    int column;
    fold_fn fold; /* NULL for a plain column */
};

struct query {
    struct output outputs[MAX_COLUMNS];
    size_t noutputs;
    struct condition where;
    int group_by; /* -1 if the rows are not grouped */
    int order_by;
    int descending;
    char error[80];
};

/*
 * select COLUMN|sum:COLUMN|avg:COLUMN|max:COLUMN|count:COLUMN , ...
 *   [where COLUMN OP VALUE] [group COLUMN] [order COLUMN [desc]]
 * Returns 0, or -1 with the reason in q->error.
 */
int query_parse(struct query *q, const struct table *t, const char *text);

/* Prints the answer and returns the number of lines in it. */
size_t query_run(const struct query *q, const struct table *t, FILE *out);

#endif
