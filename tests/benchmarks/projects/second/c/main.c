#include <stdio.h>

#include "buffer.h"
#include "node.h"

struct walk {
    buffer text;
    int depth;
    struct { int leaves, pairs; } seen;
};

static int show(const node *n, void *state)
{
    struct walk *walk = state;
    switch (n->type) {
    case LEAF:
        buffer_add(&walk->text, " %ld", n->value);
        walk->seen.leaves++;
        break;
    case VARIABLE:
        buffer_add(&walk->text, " %s", n->name);
        break;
    case BINARY:
        buffer_add(&walk->text, " %s", n->pair.operation->name);
        walk->seen.pairs += 1;
    }
    return 1;
}

static int deep(const node *n, void *state)
{
    (void)n;
    return ++*(int *)state < 4;
}

static const char *const examples[] = {"1 + 2 * 3", "(x - 1) * y", "2 * (3 + ", "7 8"};

int main(void)
{
    struct scope y = {.name = "y", .value = 4}, x = {"x", 6, &y};
    visit_fn *visits[] = {show, deep};
    for (unsigned i = 0; i < sizeof examples / sizeof *examples; i++) {
        const char *error;
        node *root = node_parse(examples[i], &error);
        struct walk walk = {.text = BUFFER_INIT};
        node_walk(root, visits[0], &walk);
        node_walk(root, visits[1], &walk.depth);
        if (error)
            printf("error at %s;%s (%d nodes)\n", error, walk.text.data, node_count);
        else
            printf("%s = %ld:%s; %d leaves, %d pairs, depth %d\n", examples[i], node_value(root, &x), walk.text.data,
                   walk.seen.leaves, walk.seen.pairs, walk.depth);
        buffer_free(&walk.text);
        node_free(root);
    }
    NODE_EACH(&x, scope) printf("%s=%ld\n", scope->name, scope->value);
    printf("%s %s %d node_count=%d\n", token_name(TOKEN_NUMBER), token_name(TOKEN_TIMES), IS_BINARY(TOKEN_MINUS), node_count);
    return 0;
}
