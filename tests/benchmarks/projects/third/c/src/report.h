#pragma once
#include "journal.h"

void report_balances(table *table);
cents report_sum(table *table, const char *name);
void report_entry(const entry *entry, size_t index);
