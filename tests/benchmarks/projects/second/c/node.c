#include "node.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

int node_count = 0;

static long add(long left, long right) { return left + right; }
static long subtract(long left, long right) { return left - right; }
static long multiply(long left, long right) { return left * right; }

static const struct operation operations[] = {
    {"add", add, TOKEN_PLUS},
    {.name = "subtract", .apply = subtract, .kind = TOKEN_MINUS},
    {.kind = TOKEN_TIMES, .apply = &multiply, .name = "multiply"},
};

static const struct operation *operation_of(enum token_kind kind)
{
    for (size_t i = 0; i < LENGTH(operations); i++)
        if (operations[i].kind == kind) return &operations[i];
    return NULL;
}

static node *make(int type)
{
    node *made = calloc(1, sizeof *made);
    if (!made) abort();
    made->type = type;
    node_count++;
    return made;
}

static node *binary(struct lexer *lexer, int power, const char **error);

static node *primary(struct lexer *lexer, const char **error)
{
    token_t token = lexer->token;
    node *result = NULL;
    switch (token.kind) {
    case TOKEN_NUMBER:
        result = make(LEAF);
        result->value = token.value.number;
        break;
    case TOKEN_NAME:
        result = make(VARIABLE);
        result->name = malloc(strlen(token.value.name) + 1);
        strcpy(result->name, token.value.name);
        break;
    case TOKEN_OPEN:
        lexer_next(lexer);
        result = binary(lexer, 1, error);
        if (lexer->token.kind != TOKEN_CLOSE) goto fail;
        break;
    default:
        goto fail;
    }
    lexer_next(lexer);
    return result;
fail:
    if (!*error) *error = token_name(lexer->token.kind);
    return result;
}

static node *binary(struct lexer *lexer, int power, const char **error)
{
    node *left = primary(lexer, error);
    while (!*error && IS_BINARY(lexer->token.kind) && token_power(lexer->token.kind) >= power) {
        node *parent = make(BINARY);
        parent->pair.operation = operation_of(lexer->token.kind);
        parent->pair.left = left;
        lexer_next(lexer);
        parent->pair.right = binary(lexer, token_power(parent->pair.operation->kind) + 1, error);
        left = parent;
    }
    return left;
}

node *node_parse(const char *text, const char **error)
{
    struct lexer lexer;
    *error = NULL;
    lexer_start(&lexer, text);
    node *root = binary(&lexer, 1, error);
    if (!*error && lexer.token.kind != TOKEN_END) *error = token_name(lexer.token.kind);
    return root;
}

long node_value(const node *n, const struct scope *scope)
{
    if (n->type == BINARY) {
        const struct operation *operation = n->pair.operation;
        return operation->apply(node_value(n->pair.left, scope), node_value(n->pair.right, scope));
    }
    if (n->type == LEAF) return n->value;
    NODE_EACH(scope, it) if (strcmp(it->name, n->name) == 0) return it->value;
    return 0;
}

void node_walk(const node *node, visit_fn *visit, void *state)
{
    if (!node || !visit(node, state) || node_is_leaf(node)) return;
    node_walk(node->pair.left, visit, state);
    node_walk(node->pair.right, visit, state);
}

void node_free(node *node)
{
    if (!node) return;
    if (node->type == BINARY) {
        node_free(node->pair.left);
        node_free(node->pair.right);
    } else if (node->type == VARIABLE) {
        free(node->name);
    }
    node_count--;
    free(node);
}
