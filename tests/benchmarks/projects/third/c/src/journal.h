#ifndef LEDGER_JOURNAL_H
#define LEDGER_JOURNAL_H
#include "table.h"

#define JOURNAL_MAX 32

typedef enum { ENTRY_TRANSFER, ENTRY_SPLIT, ENTRY_NOTE } entry_type;

struct split {
    const char *name;
    cents amount;
};

typedef struct {
    entry_type type;
    int day;
    union {
        struct {
            const char *from, *to;
            cents amount;
        } transfer;
        struct {
            const struct split *items;
            size_t count;
        } split;
        const char *note;
    } as;
} entry;

typedef struct journal journal;
typedef void journal_hook(const journal *journal, const entry *entry, status_t status);

struct journal {
    table *accounts;
    journal_hook *hook;
    const entry *entries[JOURNAL_MAX];
    size_t count;
    unsigned status[STATUS_COUNT];
    cents fees;
};

status_t journal_post(journal *self, const entry *entry);
size_t journal_replay(const journal *self, int day, void (*visit)(const entry *, size_t index));

#define TRANSFER(d, a, b, n) \
    { .type = ENTRY_TRANSFER, .day = (d), .as.transfer = { .from = (a), .to = (b), .amount = (n) } }
#define SPLIT(d, ...) \
    { .type = ENTRY_SPLIT, .day = (d), .as = { .split = { (const struct split[]){ __VA_ARGS__ }, \
        ARRAY_LEN(((const struct split[]){ __VA_ARGS__ })) } } }
#define NOTE(d, text) { ENTRY_NOTE, d, { .note = text } }
#endif
