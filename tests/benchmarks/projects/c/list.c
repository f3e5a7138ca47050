#include "list.h"

#include <stdlib.h>
#include <string.h>

size_t list_allocations = 0;

static char *copied(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    list_allocations++;
    return copy ? memcpy(copy, text, size) : NULL;
}

static int grow(struct list *list)
{
    size_t room = list->room ? list->room * LIST_GROWTH : 4;
    char **items = realloc(list->items, room * sizeof *items);
    if (!items)
        return -1;
    list->items = items;
    list->room = room;
    return 0;
}

void list_init(struct list *list)
{
    list->items = NULL;
    list->count = list->room = 0;
}

int list_push(struct list *list, const char *text)
{
    if (list->count == list->room && grow(list) < 0)
        return -1;
    list->items[list->count++] = copied(text);
    return 0;
}

const char *list_at(const struct list *list, size_t index)
{
    return index < list->count ? list->items[index] : NULL;
}

static int upwards(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int downwards(const void *a, const void *b)
{
    return -upwards(a, b);
}

void list_sort(struct list *list, enum order order)
{
    qsort(list->items, list->count, sizeof *list->items, order == ORDER_UP ? upwards : downwards);
}

struct counter list_measure(const struct list *list)
{
    struct counter found = { .count = list->count, .longest = 0 };
    const char *item;
    LIST_EACH(item, list)
        if (strlen(item) > found.longest)
            found.longest = strlen(item);
    return found;
}

void list_free(struct list *list)
{
    for (size_t at = 0; at < list->count; at++)
        free(list->items[at]);
    free(list->items);
    list_init(list);
}
