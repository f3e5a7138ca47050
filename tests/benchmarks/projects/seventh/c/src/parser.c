#include "json.h"
#include "lexer.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    Lexer lexer;
    Token token;
    Arena *arena;
    JsonError *error;
} Parser;

static JsonValue *parse_value(Parser *parser);

static void advance(Parser *parser) {
    parser->token = lexer_next(&parser->lexer);
}

/* Notes what is wrong with the present token. */
static void *fail(Parser *parser, const char *expected) {
    JsonError *error = parser->error;
    error->line = parser->lexer.line;
    snprintf(error->message, sizeof error->message, "expected %s, found '%.*s'", expected,
             (int)parser->token.length, parser->token.text);
    return NULL;
}

/* Moves on if the present token is this mark. */
static bool accept(Parser *parser, char mark) {
    if (parser->token.type != TOKEN_MARK || *parser->token.text != mark)
        return false;
    advance(parser);
    return true;
}

static JsonValue *new_value(Parser *parser, JsonType type) {
    JsonValue *value = ARENA_NEW(parser->arena, JsonValue);
    value->type = type;
    return value;
}

/* Copies the present string token without its escapes and moves on. */
static const char *take_string(Parser *parser) {
    const Token *token = &parser->token;
    char *copy = arena_alloc(parser->arena, token->length + 1);
    char *out = copy;
    for (const char *in = token->text; in < token->text + token->length; in++) {
        bool newline = *in == '\\' && *++in == 'n';
        *out++ = newline ? '\n' : *in;
    }
    advance(parser);
    return copy;
}

static const char *parse_key(Parser *parser) {
    if (parser->token.type != TOKEN_STRING)
        return fail(parser, "a key");
    const char *key = take_string(parser);
    return accept(parser, ':') ? key : fail(parser, "':'");
}

/* Parses what follows the opening bracket of an array or object. */
static JsonValue *parse_children(Parser *parser, JsonType type, char closing) {
    JsonValue *parent = new_value(parser, type);
    JsonValue **link = &parent->as.first;
    if (accept(parser, closing))
        return parent;
    do {
        const char *key = NULL;
        if (type == JSON_OBJECT && (key = parse_key(parser)) == NULL)
            return NULL;
        if ((*link = parse_value(parser)) == NULL)
            return NULL;
        (*link)->key = key;
        link = &(*link)->next;
    } while (accept(parser, ','));
    return accept(parser, closing) ? parent : fail(parser, "a comma or the end of the list");
}

static JsonValue *parse_number(Parser *parser) {
    char *end;
    JsonValue *value = new_value(parser, JSON_NUMBER);
    value->as.number = strtod(parser->token.text, &end);
    if (end != parser->token.text + parser->token.length)
        return fail(parser, "a number");
    advance(parser);
    return value;
}

static JsonValue *parse_word(Parser *parser) {
    static const char *const words[] = {"null", "false", "true"};
    for (int i = 0; i < 3; i++) {
        if (strncmp(words[i], parser->token.text, parser->token.length) == 0 &&
            words[i][parser->token.length] == '\0') {
            JsonValue *value = new_value(parser, i == 0 ? JSON_NULL : JSON_BOOL);
            value->as.boolean = i == 2;
            advance(parser);
            return value;
        }
    }
    return fail(parser, "null, true or false");
}

static JsonValue *parse_value(Parser *parser) {
    JsonValue *value;
    switch (parser->token.type) {
    case TOKEN_STRING:
        value = new_value(parser, JSON_STRING);
        value->as.string = take_string(parser);
        return value;
    case TOKEN_NUMBER:
        return parse_number(parser);
    case TOKEN_WORD:
        return parse_word(parser);
    default:
        if (accept(parser, '['))
            return parse_children(parser, JSON_ARRAY, ']');
        if (accept(parser, '{'))
            return parse_children(parser, JSON_OBJECT, '}');
        return fail(parser, "a value");
    }
}

JsonValue *json_parse(Arena *arena, const char *text, JsonError *error) {
    Parser parser = {.lexer = {text, 1}, .arena = arena, .error = error};
    advance(&parser);
    JsonValue *value = parse_value(&parser);
    if (value != NULL && parser.token.type != TOKEN_END)
        return fail(&parser, "the end");
    return value;
}
