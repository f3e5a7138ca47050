#ifndef LIST_H
#define LIST_H

#include <stddef.h>

#define LIST_GROWTH 2
#define LIST_EACH(item, list) for (size_t at = 0; at < (list)->count && ((item) = (list)->items[at], 1); at++)

typedef int (*compare_fn)(const char *, const char *);

struct list {
    char **items;
    size_t count;
    size_t room;
};

struct counter {
    size_t count;
    size_t longest;
};

enum order { ORDER_UP, ORDER_DOWN };

void list_init(struct list *list);
int list_push(struct list *list, const char *text);
const char *list_at(const struct list *list, size_t index);
void list_sort(struct list *list, enum order order);
void list_free(struct list *list);
struct counter list_measure(const struct list *list);

extern size_t list_allocations;

#endif
