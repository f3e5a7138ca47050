#include "json.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const mission =
    "{ \"ship\": \"Aurora \\\"II\\\"\", \"launched\": true, \"mass\": 1250.5,\n"
    "  \"crew\": [ {\"name\": \"Ines\", \"hours\": [3, 4, 5.5]},\n"
    "            {\"name\": \"Bo\", \"hours\": [], \"note\": \"back\\\\slash\\nline two\"} ],\n"
    "  \"failures\": null, \"limits\": {\"low\": -40, \"high\": 8.5e1, \"strict\": false} }";

static const char *const paths[] = {"ship", "crew[0].hours[2]", "crew[1]", "limits.high",
                                    "crew[7].name", "ship.captain", "mass[0]"};

static const char *const broken[] = {"[1, 2", "{\"a\" 1}", "{\n  a: 1}", "[1,\n\n 2.5.1]",
                                     "[nil]", "\"open", "[] []", "[#]"};

static void add_number(const JsonValue *value, void *context) {
    double *sum = context;
    if (value->type == JSON_NUMBER)
        *sum += value->as.number;
}

static void print_query(const JsonValue *root, const char *path) {
    const JsonValue *found = json_query(root, path);
    printf("%s = ", path);
    if (found != NULL)
        json_print(stdout, found, 0);
    else
        printf("(nothing)");
    putchar('\n');
}

int main(void) {
    Arena arena = {0};
    double sum = 0;
    JsonError error;
    JsonValue *root = json_parse(&arena, mission, &error);
    json_print(stdout, root, 0);
    puts("\n-- queries");
    for (size_t i = 0; i < COUNT(paths); i++)
        print_query(root, paths[i]);
    json_walk(root, add_number, &sum);
    printf("-- sum of all numbers: %g\n", sum);
    for (size_t i = 0; i < COUNT(broken); i++)
        if (json_parse(&arena, broken[i], &error) == NULL)
            printf("line %d: %s\n", error.line, error.message);
    printf("%d blocks in use, ", arena.blocks);
    arena_free(&arena);
    printf("%d after the arena was freed\n", arena.blocks);
    return 0;
}
