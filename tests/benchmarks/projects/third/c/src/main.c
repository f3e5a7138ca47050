#include "report.h"
#include "format.h"
#include <stdio.h>

const char *const program_name = "ledger";
int verbosity;
static table accounts;
static unsigned failures;

static const struct {
    const char *name;
    enum account_kind kind;
    unsigned flags;
} setup[] = {
    { "cash", ASSET, 0 },
    { "bank", ASSET, FLAG_DEFAULT },
    { "savings", ASSET, FLAG_LOCKED },
    { "wages", INCOME, 0 },
    { "rent", EXPENSE, 0 },
    { "food", EXPENSE, 0 },
    { .name = "fees", .kind = EXPENSE },
};

static const entry entries[] = {
    NOTE(1, "opening"),
    TRANSFER(1, "wages", "bank", 250000),
    TRANSFER(1, "bank", "cash", 40000),
    TRANSFER(2, "bank", "rent", 90000),
    SPLIT(2, { "cash", -4500 }, { "food", 3900 }, { "rent", 600 }),
    TRANSFER(2, "bank", "savings", 50000),
    TRANSFER(3, "cash", "food", 99999),
    SPLIT(3, { "food", 100 }, { "cash", -50 }),
    SPLIT(3, { "food", 100000 }, { "cash", -100000 }),
    TRANSFER(3, "bank", "nowhere", 1),
    TRANSFER(3, "savings", "cash", 10000),
};

static void hook(const journal *journal, const entry *entry, status_t status)
{
    if (status == STATUS_OK)
        return;
    failures++;
    printf("day %d: %s (%s) after %zu\n", entry->day, status_text(status), status_name(status),
           journal->count);
}

static bool busy(const account *item, void *data)
{
    return item->debit.count + item->credit.count >= *(int *)data;
}

static status_t open_accounts(void)
{
    account *last = NULL;
    for (size_t i = 0; i < ARRAY_LEN(setup); i++)
        TRY(table_add(&accounts, setup[i].name, setup[i].kind, setup[i].flags, &last));
    printf("last opened: %s, %s\n", last->name, last->ops->name);
    return STATUS_OK;
}

int main(void)
{
    journal journal = { .accounts = &accounts, .hook = hook };
    printf("%s: %s\n", program_name, status_text(open_accounts()));
    for (const entry *entry = entries; entry < entries + ARRAY_LEN(entries); ++entry)
        journal_post(&journal, entry);
    printf("posted %zu, failures %u, fees %s\n", journal.count, failures, format_cents(journal.fees));
    report_balances(&accounts);
    for (int day = 1; day <= 3; day++) {
        printf("day %d\n", day);
        printf("  %zu entries\n", journal_replay(&journal, day, report_entry));
    }

    const char *names[] = { "balance", "debit.total", "credit", "count" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        printf("sum of %s: %s\n", names[i], format_cents(report_sum(&accounts, names[i])));
    for (status_t status = STATUS_OK; status < STATUS_COUNT; status++)
        printf("%s=%u ", status_name(status), journal.status[status]);
    putchar('\n');
    account *items[3];
    int least = 3;
    verbosity = 1;
    size_t count = table_select(&accounts, busy, &least, items, ARRAY_LEN(items));
    printf("busy: %zu, first %s\n", count, items[0]->name);
    report_balances(&accounts);
    printf("lookups %u\n", accounts.lookups);
    return 0;
}
