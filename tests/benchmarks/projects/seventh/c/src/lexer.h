#pragma once

#include <stddef.h>

typedef enum {
    TOKEN_END,
    TOKEN_MARK,   /* a bracket, a colon or the like */
    TOKEN_STRING, /* its text excludes the quotes */
    TOKEN_NUMBER,
    TOKEN_WORD,
    TOKEN_ERROR
} TokenType;

typedef struct {
    TokenType type;
    const char *text;
    size_t length;
} Token;

typedef struct {
    const char *cursor;
    int line;
} Lexer;

Token lexer_next(Lexer *lexer);
