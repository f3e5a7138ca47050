#include "account.h"
#include <stdio.h>
#include <string.h>

#define FEE_RATE 2 /* percent */

static cents no_fee(const account *self, cents amount)
{
    return self ? 0 : amount;
}

static cents percent_fee(const account *self, cents amount)
{
    cents fee = amount * FEE_RATE / 100;
    return self->flags & FLAG_LOCKED ? fee * 2 : fee;
}

static bool allow_any(const account *self, cents amount)
{
    return self != NULL && amount != 0;
}

static bool allow_covered(const account *self, cents amount)
{
    if (amount >= 0 || self->flags & FLAG_OVERDRAFT)
        return true;
    return self->balance + amount >= 0;
}

#define OPS(kind, fee_fn, allow_fn, sgn) \
    [kind] = { .name = #kind, .fee = fee_fn, .allow = allow_fn, .sign = sgn }

static const struct account_ops ops[KIND_COUNT] = {
    OPS(ASSET, percent_fee, allow_covered, +1),
    OPS(INCOME, no_fee, allow_any, -1),
    OPS(EXPENSE, no_fee, &allow_any, +1),
};

void account_init(account *self, const char *name, enum account_kind kind, unsigned flags)
{
    *self = (account){ .kind = kind, .ops = &ops[kind], .flags = flags };
    snprintf(self->name, sizeof self->name, "%s", name);
}

status_t account_apply(account *self, cents amount)
{
    if (!self->ops->allow(self, amount))
        return STATUS_FUNDS;
    self->balance += amount;
    if (amount > 0) {
        self->debit.count++;
        self->debit.total += amount;
    } else {
        self->credit.count++;
        self->credit.total -= amount;
    }
    return STATUS_OK;
}

cents account_fee(const account *self, cents amount)
{
    cents (*fee)(const account *, cents) = self->ops->fee;
    return fee(self, amount < 0 ? -amount : 0);
}

int account_compare(const void *left, const void *right)
{
    const account *a = *(const account *const *)left, *b = *(const account *const *)right;
    if (a->kind != b->kind)
        return (int)a->kind - (int)b->kind;
    return strcmp(a->name, b->name);
}

const char *kind_name(enum account_kind kind)
{
    return kind < KIND_COUNT ? ops[kind].name : "?";
}
