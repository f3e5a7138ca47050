#ifndef LEDGER_ACCOUNT_H
#define LEDGER_ACCOUNT_H
#include "common.h"

struct account;
typedef struct account account;

enum account_kind { ASSET, INCOME, EXPENSE, KIND_COUNT };

enum {
    FLAG_LOCKED = 1 << 0,
    FLAG_OVERDRAFT = 1 << 1,
    FLAG_DEFAULT = FLAG_OVERDRAFT
};

/* What a kind of account does: a table of function pointers. */
struct account_ops {
    const char *name;
    cents (*fee)(const account *self, cents amount);
    bool (*allow)(const account *, cents amount);
    int sign;
};

struct account {
    char name[NAME_MAX_LEN];
    enum account_kind kind;
    const struct account_ops *ops;
    unsigned flags;
    cents balance;
    struct {
        int count;
        cents total;
    } debit, credit;
    account *next;
};

void account_init(account *self, const char *name, enum account_kind kind, unsigned flags);
status_t account_apply(account *self, cents amount);
cents account_fee(const account *self, cents amount);
int account_compare(const void *left, const void *right);
const char *kind_name(enum account_kind kind);
#endif
