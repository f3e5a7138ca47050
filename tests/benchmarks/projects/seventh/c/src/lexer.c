#include "lexer.h"

#include <ctype.h>

/* Makes a token of the text from start up to the cursor. */
static Token make_token(const Lexer *lexer, TokenType type, const char *start) {
    return (Token){type, start, (size_t)(lexer->cursor - start)};
}

static Token lex_string(Lexer *lexer) {
    const char *start = ++lexer->cursor;
    for (; *lexer->cursor != '"'; lexer->cursor++) {
        if (*lexer->cursor == '\\')
            lexer->cursor++;
        if (*lexer->cursor == '\0')
            return make_token(lexer, TOKEN_ERROR, start);
    }
    Token token = make_token(lexer, TOKEN_STRING, start);
    lexer->cursor++;
    return token;
}

static int is_number_char(int c) {
    return isdigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static Token lex_while(Lexer *lexer, TokenType type, int (*belongs)(int)) {
    const char *start = lexer->cursor;
    do
        lexer->cursor++;
    while (belongs((unsigned char)*lexer->cursor));
    return make_token(lexer, type, start);
}

Token lexer_next(Lexer *lexer) {
    for (; isspace((unsigned char)*lexer->cursor); lexer->cursor++)
        lexer->line += *lexer->cursor == '\n';
    unsigned char c = *lexer->cursor;
    if (c == '\0')
        return make_token(lexer, TOKEN_END, lexer->cursor);
    if (c == '"')
        return lex_string(lexer);
    if (c == '-' || isdigit(c))
        return lex_while(lexer, TOKEN_NUMBER, is_number_char);
    if (isalpha(c))
        return lex_while(lexer, TOKEN_WORD, isalpha);
    const char *start = lexer->cursor++;
    return make_token(lexer, TOKEN_MARK, start);
}
