#include "report.h"
#include "format.h"
#include <stdio.h>
#include <string.h>

#define COLUMN(field) { #field, offsetof(account, field) }

/* Fields that can be asked for by name, e.g. "balance". */
static const struct column {
    const char *name;
    size_t offset;
} columns[] = {
    COLUMN(balance),
    COLUMN(debit.total),
    { "credit", offsetof(struct account, credit.total) },
};

static bool is_kind(const account *item, void *data)
{
    return item->kind == *(const enum account_kind *)data;
}

static const struct column *find(const char *name)
{
    for (const struct column *c = columns; c < columns + ARRAY_LEN(columns); c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void line(const account *item)
{
    struct buffer buffer = { .len = 0 };
    buffer_add(&buffer, "%-12s%10s", item->name, format_cents(item->balance));
    buffer_add(&buffer, "  +%d -%d", item->debit.count, item->credit.count);
    if (verbosity > 0)
        buffer_add(&buffer, " %s/%s", format_cents(item->debit.total), format_cents(item->credit.total));
    puts(buffer.data);
}

void report_balances(table *table)
{
    for (enum account_kind kind = ASSET; kind < KIND_COUNT; kind++) {
        account *items[TABLE_LIMIT];
        size_t count = table_select(table, is_kind, &kind, items, ARRAY_LEN(items));
        printf("%s (%zu)\n", kind_name(kind), count);
        for (size_t i = 0; i < count; i++)
            line(items[i]);
    }
}

cents report_sum(table *table, const char *name)
{
    const struct column *column = find(name);
    cents sum = 0;
    if (!column)
        return -1;
    TABLE_EACH(table, item)
        sum += item->ops->sign * *(const cents *)((const char *)item + column->offset);
    return sum;
}

void report_entry(const entry *entry, size_t index)
{
    printf("  #%zu ", index);
    switch (entry->type) {
    case ENTRY_TRANSFER:
        printf("%s -> %s %s\n", entry->as.transfer.from, entry->as.transfer.to,
               format_cents(entry->as.transfer.amount));
        break;
    case ENTRY_SPLIT:
        printf("split");
        for (size_t i = 0; i < entry->as.split.count; i++)
            printf(" %s:%s", entry->as.split.items[i].name, format_cents(entry->as.split.items[i].amount));
        putchar('\n');
        break;
    case ENTRY_NOTE:
        printf("note \"%s\"\n", entry->as.note);
    }
}
