#ifndef KV_LRU_H
#define KV_LRU_H

#define LRU_CAPACITY 3
#define LRU_TEXT 32

/* A small cache of the pairs used last, kept with the most recent first. */

struct lru_slot {
    char key[LRU_TEXT];
    char value[LRU_TEXT];
};

struct lru {
    struct lru_slot slots[LRU_CAPACITY];
    int used;
    void (*on_evict)(const char *key, void *arg);
    void *arg;
};

const char *lru_get(struct lru *c, const char *key);
void lru_put(struct lru *c, const char *key, const char *value);
void lru_drop(struct lru *c, const char *key);

#endif
