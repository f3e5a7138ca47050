#include "scheduler.h"

#include <string.h>

/* Compares a field of two processes and returns from the function if they differ. */
#define ORDER_BY(field)                          \
    do {                                         \
        const struct process *x = a, *y = b;     \
        if (x->field != y->field)                \
            return x->field < y->field ? -1 : 1; \
    } while (0)

static int by_wait(const void *a, const void *b)
{
    ORDER_BY(ready_since);
    ORDER_BY(pid);
    return 0;
}

static int by_remaining(const void *a, const void *b)
{
    ORDER_BY(remaining);
    return by_wait(a, b);
}

static int by_priority(const void *a, const void *b)
{
    ORDER_BY(priority);
    return by_wait(a, b);
}

const struct policy policies[] = {
    { .name = "fcfs", .before = by_wait },
    { .name = "sjf", .before = by_remaining },
    { .name = "srtf", .before = by_remaining, .preemptive = true },
    { .name = "rr", .before = by_wait, .quantum = 3 },
    { .name = "prio", .before = by_priority, .quantum = 4, .preemptive = true },
    { .name = NULL },
};

const struct policy *policy_find(const char *name)
{
    for (const struct policy *p = policies; p->name; p++) {
        if (strcmp(p->name, name) == 0)
            return p;
    }
    return NULL;
}
