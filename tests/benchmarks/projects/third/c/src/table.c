#include "table.h"
#include <stdlib.h>
#include <string.h>

static unsigned hash(const char *name)
{
    unsigned hash = 5381;
    while (*name)
        hash = hash * 33 ^ (unsigned char)*name++;
    return hash % TABLE_BUCKETS;
}

status_t table_add(table *table, const char *name, enum account_kind kind, unsigned flags, account **out)
{
    if (table->count >= TABLE_LIMIT)
        return STATUS_FULL;
    account *item = &table->pool[table->count++];
    account **bucket = &table->buckets[hash(name)];
    account_init(item, name, kind, flags);
    item->next = *bucket;
    *bucket = item;
    if (out)
        *out = item;
    return STATUS_OK;
}

account *table_find(table *table, const char *name)
{
    table->lookups++;
    account *item = table->buckets[hash(name)];
    while (item && strcmp(item->name, name) != 0)
        item = item->next;
    return item;
}

size_t table_select(table *table, account_filter filter, void *data, account **out, size_t limit)
{
    size_t count = 0;
    TABLE_EACH(table, item) {
        if (count < limit && (!filter || filter(item, data)))
            out[count++] = item;
    }
    qsort(out, count, sizeof *out, account_compare);
    return count;
}
