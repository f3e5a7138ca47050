#include "json.h"

#include <stdlib.h>
#include <string.h>

static const JsonValue *find_member(const JsonValue *object, const char *name, size_t length) {
    if (object->type != JSON_OBJECT)
        return NULL;
    JSON_FOR_EACH(child, object)
        if (strlen(child->key) == length && memcmp(child->key, name, length) == 0)
            return child;
    return NULL;
}

static const JsonValue *find_element(const JsonValue *array, long index) {
    if (array->type != JSON_ARRAY)
        return NULL;
    JSON_FOR_EACH(child, array)
        if (index-- == 0)
            return child;
    return NULL;
}

const JsonValue *json_query(const JsonValue *root, const char *path) {
    while (root != NULL && *path != '\0') {
        if (*path == '[') {
            root = find_element(root, strtol(path + 1, NULL, 10));
            path += strcspn(path, "]");
        } else {
            size_t length = strcspn(path, ".[");
            root = find_member(root, path, length);
            path += length;
        }
        path += *path == ']';
        path += *path == '.';
    }
    return root;
}

void json_walk(const JsonValue *value, JsonVisitor visit, void *context) {
    visit(value, context);
    if (value->type < JSON_ARRAY)
        return;
    JSON_FOR_EACH(child, value)
        json_walk(child, visit, context);
}
