#include "../include/doc.h"

#include <stdlib.h>
#include <string.h>

#define INDENT_STEP 2
#define FOR_EACH_CHILD(it, node) for (struct node *it = (node)->first; it; it = it->next)

static const char *const kind_names[NODE_KIND_COUNT] = {
    [NODE_HEADING] = "heading",
    [NODE_PARA] = "para",
    [NODE_LIST] = "list",
    [NODE_ITEM] = "item",
    [NODE_TABLE] = "table",
};

struct render_state {
    const struct wrap_opts *opts;
    struct strbuf *out;
    int section;
    int number;
};

const char *node_kind_name(enum node_kind kind)
{
    return kind < NODE_KIND_COUNT ? kind_names[kind] : "?";
}

static struct node *new_node(struct doc *doc, struct node *parent, enum node_kind kind)
{
    struct node *node = xrealloc(NULL, sizeof(*node));
    memset(node, 0, sizeof(*node));
    node->kind = kind;
    node->parent = parent;
    if (parent) {
        if (parent->last)
            parent->last->next = node;
        else
            parent->first = node;
        parent->last = node;
    }
    doc->size++;
    return node;
}

void doc_init(struct doc *doc, const char *name)
{
    doc->name = name;
    doc->size = 0;
    doc->root = new_node(doc, NULL, NODE_HEADING);
    doc->root->u.heading.title = name;
}

struct node *doc_heading(struct doc *doc, int level, const char *title)
{
    struct node *node = new_node(doc, doc->root, NODE_HEADING);
    node->u.heading = (struct heading){ .title = title, .level = level };
    return node;
}

struct node *doc_para(struct doc *doc, const char *text)
{
    struct node *node = new_node(doc, doc->root, NODE_PARA);
    node->u.text = text;
    return node;
}

struct node *doc_list(struct doc *doc, bool ordered)
{
    struct node *list = new_node(doc, doc->root, NODE_LIST);
    list->u.ordered = ordered;
    return list;
}

struct node *doc_item(struct doc *doc, struct node *list, const char *text)
{
    struct node *item = new_node(doc, list, NODE_ITEM);
    item->u.text = text;
    return item;
}

struct node *doc_table(struct doc *doc, struct table *table)
{
    struct node *node = new_node(doc, doc->root, NODE_TABLE);
    node->u.table = table;
    return node;
}

static void walk(const struct node *node, int depth, visit_fn visit, void *data)
{
    if (!visit(node, depth, data))
        return;
    FOR_EACH_CHILD(child, node)
        walk(child, depth + 1, visit, data);
}

void doc_walk(const struct doc *doc, visit_fn visit, void *data)
{
    walk(doc->root, 0, visit, data);
}

static bool collect(const struct node *node, int depth, void *data)
{
    struct doc_stats *stats = data;
    stats->count[node->kind]++;
    stats->depth = MAX(stats->depth, depth);
    if (node->kind == NODE_PARA || node->kind == NODE_ITEM)
        stats->words += count_words(node->u.text);
    return true;
}

struct doc_stats doc_stats(const struct doc *doc)
{
    struct doc_stats stats = { .depth = 0 };
    doc_walk(doc, collect, &stats);
    return stats;
}

static void render_heading(struct render_state *state, const struct heading *heading)
{
    size_t start = state->out->len;
    if (heading->level == 1)
        strbuf_printf(state->out, "%d. ", ++state->section);
    strbuf_puts(state->out, heading->title);
    int len = (int)(state->out->len - start);
    strbuf_puts(state->out, "\n");
    strbuf_fill(state->out, heading->level == 0 ? '=' : '-', len);
    strbuf_puts(state->out, "\n");
}

static void render_item(struct render_state *state, const struct node *node)
{
    struct wrap_opts opts = *state->opts;
    char marker[16] = "* ";
    if (node->parent->u.ordered)
        snprintf(marker, sizeof(marker), "%d) ", ++state->number);
    opts.align = ALIGN_LEFT;
    opts.marker = marker;
    opts.indent += INDENT_STEP;
    wrap_text(node->u.text, &opts, state->out);
}

static bool render(const struct node *node, int depth, void *data)
{
    struct render_state *state = data;
    if (depth == 1)
        strbuf_puts(state->out, "\n");
    switch (node->kind) {
    case NODE_HEADING:
        render_heading(state, &node->u.heading);
        break;
    case NODE_PARA:
        wrap_text(node->u.text, state->opts, state->out);
        break;
    case NODE_LIST:
        state->number = 0;
        break;
    case NODE_ITEM:
        render_item(state, node);
        break;
    case NODE_TABLE:
        table_print(node->u.table, state->out);
        return false;
    default:
        break;
    }
    return true;
}

void doc_render(const struct doc *doc, const struct wrap_opts *opts, struct strbuf *out)
{
    struct render_state state = { .opts = opts, .out = out };
    doc_walk(doc, render, &state);
}

static void free_node(struct node *node)
{
    struct node *next;
    for (struct node *child = node->first; child; child = next) {
        next = child->next;
        free_node(child);
    }
    if (node->kind == NODE_TABLE)
        free(node->u.table);
    free(node);
}

void doc_free(struct doc *doc)
{
    free_node(doc->root);
    doc->root = NULL;
    doc->size = 0;
}
