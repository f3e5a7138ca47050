#include <stdlib.h>
#include <string.h>

#include "query.h"

static int matches(const struct condition *cond, const struct table *t, size_t row) {
    const struct column *col = &t->columns[cond->column];
    int order;
    if (col->type == COL_TEXT) {
        order = strcmp(col->texts[row], cond->text);
    } else {
        double value = col->numbers[row];
        order = (value > cond->number) - (value < cond->number);
    }
    return cond->op == '=' ? order == 0 : cond->op == '<' ? order < 0 : order > 0;
}

static size_t select_rows(const struct query *q, const struct table *t, size_t *rows) {
    size_t n = 0;
    for (size_t row = 0; row < t->nrows; row++)
        if (q->where.column < 0 || matches(&q->where, t, row))
            rows[n++] = row;
    return n;
}

/* A stable insertion sort of row numbers. */
static void sort_rows(const struct table *t, int column, int sign, size_t *rows, size_t n) {
    for (size_t i = 1; i < n; i++) {
        size_t row = rows[i], j = i;
        for (; j > 0 && sign * table_compare(t, column, rows[j - 1], row) > 0; j--)
            rows[j] = rows[j - 1];
        rows[j] = row;
    }
}

static void print_output(const struct output *o, const struct table *t, const size_t *rows, size_t n, FILE *out) {
    const struct column *col = &t->columns[o->column];
    if (o->fold != NULL) {
        double result = 0;
        for (size_t i = 0; i < n; i++)
            result = o->fold(result, col->type == COL_NUMBER ? col->numbers[rows[i]] : 0, i);
        fprintf(out, "%-12.2f", result);
    } else if (col->type == COL_NUMBER) {
        fprintf(out, "%-12g", col->numbers[rows[0]]);
    } else {
        fprintf(out, "%-12s", col->texts[rows[0]]);
    }
}

size_t query_run(const struct query *q, const struct table *t, FILE *out) {
    size_t *rows = malloc((t->nrows + 1) * sizeof *rows);
    size_t n = select_rows(q, t, rows), lines = 0;

    if (q->order_by >= 0)
        sort_rows(t, q->order_by, q->descending ? -1 : 1, rows, n);
    if (q->group_by >= 0)
        sort_rows(t, q->group_by, 1, rows, n);
    for (size_t i = 0; i < q->noutputs; i++)
        fprintf(out, "%-12s", q->outputs[i].label);
    fputc('\n', out);
    for (size_t first = 0, next; first < n; first = next, lines++) {
        next = first + 1;
        while (q->group_by >= 0 && next < n && table_compare(t, q->group_by, rows[first], rows[next]) == 0)
            next++;
        for (size_t i = 0; i < q->noutputs; i++)
            print_output(&q->outputs[i], t, rows + first, next - first, out);
        fputc('\n', out);
    }
    free(rows);
    return lines;
}
