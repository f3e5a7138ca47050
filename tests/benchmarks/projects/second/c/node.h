#ifndef NODE_H
#define NODE_H

#include "token.h"

typedef struct node node;
typedef long (*apply_fn)(long left, long right);
typedef int visit_fn(const node *node, void *state);

struct operation {
    const char *name;
    apply_fn apply;
    enum token_kind kind;
};

struct node {
    enum { LEAF, VARIABLE, BINARY } type;
    union {
        long value;
        char *name;
        struct {
            const struct operation *operation;
            node *left, *right;
        } pair;
    };
};

struct scope {
    const char *name;
    long value;
    const struct scope *next;
};

extern int node_count;

node *node_parse(const char *text, const char **error);
long node_value(const node *node, const struct scope *scope);
void node_walk(const node *node, visit_fn *visit, void *state);
void node_free(node *node);

static inline int node_is_leaf(const node *n) { return n->type != BINARY; }

#define NODE_EACH(list, it) for (const struct scope *it = (list); it; it = it->next)

#endif
