#include "token.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
#define X(name, mark, power) [TOKEN_##name] = mark,
    TOKEN_KINDS(X)
#undef X
    [TOKEN_END] = "end",
};

static const int powers[TOKEN_END + 1] = {[TOKEN_PLUS] = 1, [TOKEN_MINUS] = 1, [TOKEN_TIMES] = 2};

const char *token_name(enum token_kind kind) { return names[kind]; }

int token_power(enum token_kind kind) { return powers[kind]; }

void lexer_start(struct lexer *lexer, const char *text)
{
    *lexer = (struct lexer){.text = text, .at = 0};
    lexer_next(lexer);
}

static enum token_kind kind_of(char c)
{
    switch (c) {
    case '+': return TOKEN_PLUS;
    case '-': return TOKEN_MINUS;
    case '*': return TOKEN_TIMES;
    case '(': return TOKEN_OPEN;
    case ')': return TOKEN_CLOSE;
    default: return TOKEN_END;
    }
}

const token_t *lexer_next(struct lexer *lexer)
{
    token_t *token = &lexer->token;
    const char *text = lexer->text;
    while (isspace((unsigned char)text[lexer->at])) lexer->at++;
    token->at = lexer->at;
    if (isdigit((unsigned char)text[lexer->at])) {
        char *end;
        token->kind = TOKEN_NUMBER;
        token->value.number = strtol(text + lexer->at, &end, 10);
        lexer->at = (size_t)(end - text);
    } else if (isalpha((unsigned char)text[lexer->at])) {
        size_t length = 0;
        token->kind = TOKEN_NAME;
        while (isalnum((unsigned char)text[lexer->at]) && length + 1 < sizeof token->value.name)
            token->value.name[length++] = text[lexer->at++];
        token->value.name[length] = '\0';
    } else if ((token->kind = kind_of(text[lexer->at])) != TOKEN_END) {
        lexer->at++;
    }
    return token;
}
