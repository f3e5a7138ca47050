#ifndef KV_COMMAND_H
#define KV_COMMAND_H

#include <stdio.h>

#include "lru.h"
#include "stats.h"
#include "table.h"

enum status { ST_OK, ST_UNKNOWN, ST_USAGE, ST_NOT_FOUND, ST_NOT_NUMBER };

struct store {
    struct table table;
    struct lru cache;
    struct stats stats;
    FILE *out;
};

void store_open(struct store *st, FILE *out);
void store_close(struct store *st);

/* Runs one line, such as "set name value". Empty lines and comments pass. */
enum status store_execute(struct store *st, const char *line);
const char *status_text(enum status status);

#endif
