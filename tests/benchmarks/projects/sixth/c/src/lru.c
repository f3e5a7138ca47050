#include "lru.h"

#include <string.h>

static int find(const struct lru *c, const char *key) {
    for (int i = 0; i < c->used; i++) {
        if (strcmp(c->slots[i].key, key) == 0)
            return i;
    }
    return -1;
}

/* Moves the slots before the given one up, over it, and fills the first. */
static void push_front(struct lru *c, int over, struct lru_slot slot) {
    memmove(&c->slots[1], &c->slots[0], over * sizeof(slot));
    c->slots[0] = slot;
}

const char *lru_get(struct lru *c, const char *key) {
    int i = find(c, key);
    if (i < 0)
        return NULL;
    push_front(c, i, c->slots[i]);
    return c->slots[0].value;
}

/* Texts that do not fit are not cached. */
void lru_put(struct lru *c, const char *key, const char *value) {
    struct lru_slot slot;
    lru_drop(c, key);
    if (strlen(key) >= LRU_TEXT || strlen(value) >= LRU_TEXT)
        return;
    if (c->used == LRU_CAPACITY)
        c->on_evict(c->slots[--c->used].key, c->arg);
    strcpy(slot.key, key);
    strcpy(slot.value, value);
    push_front(c, c->used++, slot);
}

void lru_drop(struct lru *c, const char *key) {
    int i = find(c, key);
    if (i < 0)
        return;
    c->used--;
    memmove(&c->slots[i], &c->slots[i + 1], (c->used - i) * sizeof(c->slots[0]));
}
