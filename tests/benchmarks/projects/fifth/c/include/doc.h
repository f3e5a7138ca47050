#ifndef DOC_H
#define DOC_H

#include "table.h"
#include "wrap.h"

enum node_kind {
    NODE_HEADING,
    NODE_PARA,
    NODE_LIST,
    NODE_ITEM,
    NODE_TABLE,
    NODE_KIND_COUNT
};

struct heading {
    const char *title;
    int level;
};

/* A node of the document tree; `kind` tells which member of the union is set. */
struct node {
    enum node_kind kind;
    union {
        struct heading heading;
        const char *text;
        struct table *table;
        bool ordered;
    } u;
    struct node *parent;
    struct node *first, *last;
    struct node *next;
};

struct doc {
    const char *name;
    struct node *root;
    size_t size;
};

struct doc_stats {
    size_t count[NODE_KIND_COUNT];
    size_t words;
    int depth;
};

/* Called for each node, parents first. Return false to skip the children. */
typedef bool (*visit_fn)(const struct node *node, int depth, void *data);

void doc_init(struct doc *doc, const char *name);
struct node *doc_heading(struct doc *doc, int level, const char *title);
struct node *doc_para(struct doc *doc, const char *text);
struct node *doc_list(struct doc *doc, bool ordered);
struct node *doc_item(struct doc *doc, struct node *list, const char *text);
struct node *doc_table(struct doc *doc, struct table *table);
void doc_walk(const struct doc *doc, visit_fn visit, void *data);
struct doc_stats doc_stats(const struct doc *doc);
void doc_render(const struct doc *doc, const struct wrap_opts *opts, struct strbuf *out);
void doc_free(struct doc *doc);
const char *node_kind_name(enum node_kind kind);

#endif /* DOC_H */
