#ifndef PQUEUE_H
#define PQUEUE_H

#include <stdbool.h>
#include <stddef.h>

/* Returns less than zero if a has to leave the queue before b. */
typedef int (*pqueue_cmp)(const void *a, const void *b);

/* A binary heap of pointers that it does not own. */
struct pqueue {
    void **items;
    size_t len, cap;
    pqueue_cmp cmp;
};

void pqueue_init(struct pqueue *q, pqueue_cmp cmp);
void pqueue_free(struct pqueue *q);
bool pqueue_push(struct pqueue *q, void *item);
void *pqueue_pop(struct pqueue *q);

static inline void *pqueue_peek(const struct pqueue *q)
{
    return q->len ? q->items[0] : NULL;
}

#endif
