#ifndef LEDGER_TABLE_H
#define LEDGER_TABLE_H
#include "account.h"

#define TABLE_BUCKETS 8u
#define TABLE_LIMIT 12

typedef struct table {
    account *buckets[TABLE_BUCKETS];
    account pool[TABLE_LIMIT];
    size_t count;
    unsigned lookups;
} table;

/* Walks every account; `item` is the loop's variable. */
#define TABLE_EACH(table, item) \
    for (unsigned CONCAT(i_, __LINE__) = 0; CONCAT(i_, __LINE__) < TABLE_BUCKETS; CONCAT(i_, __LINE__)++) \
        for (account *item = (table)->buckets[CONCAT(i_, __LINE__)]; item; item = item->next)

typedef bool (*account_filter)(const account *item, void *data);

status_t table_add(table *table, const char *name, enum account_kind kind, unsigned flags, account **out);
account *table_find(table *table, const char *name);
size_t table_select(table *table, account_filter filter, void *data, account **out, size_t limit);
#endif
