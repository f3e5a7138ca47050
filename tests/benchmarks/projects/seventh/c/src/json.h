#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "arena.h"

typedef enum { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonType;

/* The children of arrays and objects are linked lists; members of objects have a key. */
typedef struct JsonValue {
    JsonType type;
    const char *key;
    struct JsonValue *next;
    union {
        bool boolean;
        double number;
        const char *string;
        struct JsonValue *first;
    } as;
} JsonValue;

typedef struct {
    int line;
    char message[80];
} JsonError;

#define JSON_FOR_EACH(child, parent) \
    for (const JsonValue *child = (parent)->as.first; child != NULL; child = child->next)

/* Returns NULL and fills in the error if the text is no JSON. */
JsonValue *json_parse(Arena *arena, const char *text, JsonError *error);

void json_print(FILE *out, const JsonValue *value, int indent);

/* Follows a path like "crew[0].name"; returns NULL if there is nothing there. */
const JsonValue *json_query(const JsonValue *root, const char *path);

/* Calls visit for the value and all that is below it. */
typedef void (*JsonVisitor)(const JsonValue *value, void *context);
void json_walk(const JsonValue *value, JsonVisitor visit, void *context);
