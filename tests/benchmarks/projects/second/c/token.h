#ifndef TOKEN_H
#define TOKEN_H

#include <stddef.h>

/* Every kind of token: its name, its mark, its binding. */
#define TOKEN_KINDS(X) \
    X(NUMBER, "number", 0) \
    X(PLUS, "+", 1) \
    X(MINUS, "-", 1) \
    X(TIMES, "*", 2) \
    X(OPEN, "(", 0) \
    X(CLOSE, ")", 0) \
    X(NAME, "name", 0)

enum token_kind {
#define X(name, mark, power) TOKEN_##name,
    TOKEN_KINDS(X)
#undef X
    TOKEN_END
};

typedef struct token {
    enum token_kind kind;
    union {
        long number;
        char name[16];
    } value;
    size_t at;
} token_t;

struct lexer {
    const char *text;
    size_t at;
    token_t token;
};

void lexer_start(struct lexer *lexer, const char *text);
const token_t *lexer_next(struct lexer *lexer);
const char *token_name(enum token_kind kind);
int token_power(enum token_kind kind);

#define IS_BINARY(kind) (token_power(kind) > 0)

#endif
