#include <stdlib.h>
#include <string.h>

#include "query.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct parser {
    struct query *query;
    const struct table *table;
    char word[32]; /* the word that comes next; empty at the end */
    const char *rest;
};

static double fold_sum(double so_far, double value, size_t n) { (void)n; return so_far + value; }
static double fold_avg(double so_far, double value, size_t n) { return so_far + (value - so_far) / (double)(n + 1); }
static double fold_max(double so_far, double value, size_t n) { return n == 0 || value > so_far ? value : so_far; }
static double fold_count(double so_far, double value, size_t n) { (void)so_far; (void)value; return (double)(n + 1); }

static const struct { const char *name; fold_fn fold; } folds[] = {
    {"sum", fold_sum}, {"avg", fold_avg}, {"max", fold_max}, {"count", fold_count},
};

static void advance(struct parser *p) {
    p->rest += strspn(p->rest, " ");
    size_t length = strcspn(p->rest, " ");
    snprintf(p->word, sizeof p->word, "%.*s", (int)length, p->rest);
    p->rest += length;
}

static int accept(struct parser *p, const char *keyword) {
    if (strcmp(p->word, keyword) != 0)
        return 0;
    advance(p);
    return 1;
}

static int fail(struct parser *p, const char *what, const char *word) {
    snprintf(p->query->error, sizeof p->query->error, "%s '%s'", what, word);
    return -1;
}

static int parse_column(struct parser *p, const char *name) {
    int column = table_find(p->table, name);
    if (column < 0)
        return fail(p, "unknown column", name);
    advance(p);
    return column;
}

static int parse_output(struct parser *p) {
    struct output *out = &p->query->outputs[p->query->noutputs++];
    char *name = p->word, *colon = strchr(p->word, ':');
    strcpy(out->label, p->word);
    if (colon != NULL) {
        *colon = '\0';
        for (size_t i = 0; i < COUNT_OF(folds); i++)
            if (strcmp(folds[i].name, p->word) == 0)
                out->fold = folds[i].fold;
        if (out->fold == NULL)
            return fail(p, "unknown function", p->word);
        name = colon + 1;
    }
    return out->column = parse_column(p, name);
}

static int parse_condition(struct parser *p) {
    struct condition *cond = &p->query->where;
    if ((cond->column = parse_column(p, p->word)) < 0)
        return -1;
    cond->op = p->word[0];
    if (!accept(p, "=") && !accept(p, "<") && !accept(p, ">"))
        return fail(p, "unknown operator", p->word);
    strcpy(cond->text, p->word);
    cond->number = strtod(p->word, NULL);
    advance(p);
    return 0;
}

int query_parse(struct query *q, const struct table *t, const char *text) {
    struct parser p = {.query = q, .table = t, .rest = text};
    *q = (struct query){.where.column = -1, .group_by = -1, .order_by = -1};
    advance(&p);
    if (!accept(&p, "select"))
        return fail(&p, "expected select, not", p.word);
    do {
        if (q->noutputs == MAX_COLUMNS || parse_output(&p) < 0)
            return -1;
    } while (accept(&p, ","));
    if (accept(&p, "where") && parse_condition(&p) < 0)
        return -1;
    if (accept(&p, "group") && (q->group_by = parse_column(&p, p.word)) < 0)
        return -1;
    if (accept(&p, "order") && (q->order_by = parse_column(&p, p.word)) < 0)
        return -1;
    q->descending = accept(&p, "desc");
    return p.word[0] == '\0' ? 0 : fail(&p, "unexpected", p.word);
}
