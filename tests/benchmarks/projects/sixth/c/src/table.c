#include "table.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    char *key;
    char *value;
    struct entry *next;
};

/* FNV-1a */
static uint32_t hash(const char *key) {
    uint32_t h = 2166136261u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return h;
}

static void *xmalloc(size_t size) {
    void *p = malloc(size);
    if (!p)
        abort();
    return p;
}

static char *copy_string(const char *s) {
    size_t size = strlen(s) + 1;
    return memcpy(xmalloc(size), s, size);
}

/* The link that points to the entry of the key, or to the end of its chain. */
static struct entry **find_link(struct table *t, const char *key) {
    struct entry **link = &t->buckets[hash(key) % TABLE_BUCKETS];
    while (*link && strcmp((*link)->key, key) != 0)
        link = &(*link)->next;
    return link;
}

/* Frees the entry and returns the one after it. */
static struct entry *entry_free(struct entry *e) {
    struct entry *next = e->next;
    free(e->key);
    free(e->value);
    free(e);
    return next;
}

void table_put(struct table *t, const char *key, const char *value) {
    struct entry **link = find_link(t, key);
    char *copy = copy_string(value);
    if (*link) {
        free((*link)->value);
        (*link)->value = copy;
        return;
    }
    *link = xmalloc(sizeof(**link));
    **link = (struct entry){ .key = copy_string(key), .value = copy };
    t->count++;
}

const char *table_get(struct table *t, const char *key) {
    const struct entry *e = *find_link(t, key);
    return e ? e->value : NULL;
}

bool table_remove(struct table *t, const char *key) {
    struct entry **link = find_link(t, key);
    if (!*link)
        return false;
    *link = entry_free(*link);
    t->count--;
    return true;
}

void table_each(const struct table *t, table_visit_fn visit, void *arg) {
    for (size_t i = 0; i < TABLE_BUCKETS; i++) {
        for (const struct entry *e = t->buckets[i]; e; e = e->next)
            visit(e->key, e->value, arg);
    }
}

void table_clear(struct table *t) {
    for (size_t i = 0; i < TABLE_BUCKETS; i++) {
        while (t->buckets[i])
            t->buckets[i] = entry_free(t->buckets[i]);
    }
    t->count = 0;
}
