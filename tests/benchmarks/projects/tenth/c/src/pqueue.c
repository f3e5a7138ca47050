#include "pqueue.h"

#include <stdlib.h>

static void swap(void **a, void **b)
{
    void *tmp = *a;
    *a = *b;
    *b = tmp;
}

void pqueue_init(struct pqueue *q, pqueue_cmp cmp)
{
    *q = (struct pqueue){ .cmp = cmp };
}

void pqueue_free(struct pqueue *q)
{
    free(q->items);
    pqueue_init(q, q->cmp);
}

bool pqueue_push(struct pqueue *q, void *item)
{
    if (q->len == q->cap) {
        size_t cap = q->cap ? q->cap * 2 : 4;
        void **items = realloc(q->items, cap * sizeof *items);
        if (!items)
            return false;
        q->items = items;
        q->cap = cap;
    }

    size_t i = q->len++;
    q->items[i] = item;
    while (i > 0) {
        size_t parent = (i - 1) / 2;
        if (q->cmp(q->items[parent], q->items[i]) <= 0)
            break;
        swap(&q->items[parent], &q->items[i]);
        i = parent;
    }
    return true;
}

static void sift_down(struct pqueue *q, size_t i)
{
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= q->len)
            return;
        if (child + 1 < q->len && q->cmp(q->items[child + 1], q->items[child]) < 0)
            child++;
        if (q->cmp(q->items[i], q->items[child]) <= 0)
            return;
        swap(&q->items[i], &q->items[child]);
        i = child;
    }
}

void *pqueue_pop(struct pqueue *q)
{
    if (q->len == 0)
        return NULL;
    void *top = q->items[0];
    q->items[0] = q->items[--q->len];
    sift_down(q, 0);
    return top;
}
