#ifndef KV_TABLE_H
#define KV_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* A hash table from strings to strings, with chaining. It owns its copies. */

#define TABLE_BUCKETS 8

struct entry;

struct table {
    struct entry *buckets[TABLE_BUCKETS];
    size_t count;
};

typedef void (*table_visit_fn)(const char *key, const char *value, void *arg);

void table_put(struct table *t, const char *key, const char *value);
const char *table_get(struct table *t, const char *key);
bool table_remove(struct table *t, const char *key);
void table_each(const struct table *t, table_visit_fn visit, void *arg);
void table_clear(struct table *t);

#endif
