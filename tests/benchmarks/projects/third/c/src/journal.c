#include "journal.h"

#define FEE_ACCOUNT "fees"

typedef status_t (*poster)(journal *self, const entry *entry);

static status_t move(journal *self, const char *name, cents amount)
{
    account *account = table_find(self->accounts, name);
    if (!account)
        return STATUS_MISSING;
    return account_apply(account, amount);
}

static status_t post_transfer(journal *self, const entry *entry)
{
    const char *from = entry->as.transfer.from;
    cents amount = entry->as.transfer.amount;
    if (!table_find(self->accounts, entry->as.transfer.to))
        return STATUS_MISSING;
    TRY(move(self, from, -amount));
    TRY(move(self, entry->as.transfer.to, amount));
    cents fee = account_fee(table_find(self->accounts, from), -amount);
    if (fee > 0) {
        TRY(move(self, from, -fee));
        TRY(move(self, FEE_ACCOUNT, fee));
        self->fees += fee;
    }
    return STATUS_OK;
}

static status_t post_split(journal *self, const entry *entry)
{
    const struct split *split = entry->as.split.items, *end = split + entry->as.split.count;
    cents sum = 0;
    size_t done = 0;
    status_t status = STATUS_OK;
    for (const struct split *s = split; s < end; s++)
        sum += s->amount;
    if (sum != 0)
        return STATUS_UNBALANCED;
    for (; split + done < end; done++) {
        status = move(self, split[done].name, split[done].amount);
        if (status != STATUS_OK)
            goto undo;
    }
    return status;

undo:
    while (done-- > 0)
        (void)move(self, split[done].name, -split[done].amount);
    return status;
}

static status_t post_note(journal *self, const entry *entry)
{
    return self && entry->as.note[0] ? STATUS_OK : STATUS_UNBALANCED;
}

static const poster posters[] = {
    [ENTRY_TRANSFER] = post_transfer,
    [ENTRY_SPLIT] = post_split,
    [ENTRY_NOTE] = post_note,
};

status_t journal_post(journal *self, const entry *entry)
{
    status_t status = STATUS_FULL;
    if (self->count < JOURNAL_MAX)
        status = posters[entry->type](self, entry);
    if (status == STATUS_OK)
        self->entries[self->count++] = entry;
    self->status[status]++;
    if (self->hook)
        self->hook(self, entry, status);
    return status;
}

size_t journal_replay(const journal *self, int day, void (*visit)(const entry *, size_t index))
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (self->entries[i]->day != day)
            continue;
        visit(self->entries[i], i);
        count++;
    }
    return count;
}
