#include "list.h"

#include <stdio.h>
#include <string.h>

static int print_all(const struct list *list)
{
    int count = 0;
    const char *item;
    LIST_EACH(item, list) {
        printf("%s ", item);
        count++;
    }
    putchar('\n');
    return count;
}

static const char *pick(const struct list *list, compare_fn compare)
{
    const char *best = list_at(list, 0);
    for (size_t at = 1; at < list->count; at++)
        if (compare(list_at(list, at), best) > 0)
            best = list_at(list, at);
    return best;
}

static int longer(const char *a, const char *b)
{
    return (int)strlen(a) - (int)strlen(b);
}

int main(void)
{
    struct list words;
    struct counter measured;
    const char *given[] = { "pear", "fig", "banana", "apple", "kiwi" };
    list_init(&words);
    for (size_t at = 0; at < sizeof given / sizeof *given; at++)
        list_push(&words, given[at]);
    list_sort(&words, ORDER_DOWN);
    printf("%d\n", print_all(&words));
    measured = list_measure(&words);
    printf("%zu %zu %s %s\n", measured.count, measured.longest, pick(&words, longer), pick(&words, strcmp));
    list_free(&words);
    printf("%zu %zu\n", words.count, list_allocations);
    return 0;
}
