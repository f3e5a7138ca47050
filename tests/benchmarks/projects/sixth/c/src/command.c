#include "command.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LINE 128
#define MAX_ARGS 4
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* What "keys" gathers while it walks the table. */
struct key_list {
    const char *keys[32];
    size_t count;
    const char *prefix;
};

static void note_eviction(const char *key, void *arg) {
    struct store *st = arg;
    stats_add(&st->stats, STAT_EVICTIONS);
    fprintf(st->out, "(evicted %s)\n", key);
}

/* Reads through the cache. */
static const char *fetch(struct store *st, const char *key) {
    const char *value = lru_get(&st->cache, key);
    stats_add(&st->stats, value ? STAT_HITS : STAT_MISSES);
    if (value)
        return value;
    value = table_get(&st->table, key);
    if (value)
        lru_put(&st->cache, key, value);
    return value;
}

static enum status cmd_set(struct store *st, char **args) {
    lru_drop(&st->cache, args[0]);
    table_put(&st->table, args[0], args[1]);
    return ST_OK;
}

static enum status cmd_get(struct store *st, char **args) {
    const char *value = fetch(st, args[0]);
    if (!value)
        return ST_NOT_FOUND;
    fprintf(st->out, "%s\n", value);
    return ST_OK;
}

static enum status cmd_del(struct store *st, char **args) {
    lru_drop(&st->cache, args[0]);
    return table_remove(&st->table, args[0]) ? ST_OK : ST_NOT_FOUND;
}

static enum status cmd_incr(struct store *st, char **args) {
    const char *value = fetch(st, args[0]);
    char *end, text[24];
    if (!value)
        return ST_NOT_FOUND;
    long n = strtol(value, &end, 10);
    if (*end)
        return ST_NOT_NUMBER;
    snprintf(text, sizeof(text), "%ld", n + 1);
    table_put(&st->table, args[0], text);
    lru_put(&st->cache, args[0], text);
    return ST_OK;
}

static void collect_key(const char *key, const char *value, void *arg) {
    struct key_list *list = arg;
    (void)value;
    if (list->count < ARRAY_LEN(list->keys) && strncmp(key, list->prefix, strlen(list->prefix)) == 0)
        list->keys[list->count++] = key;
}

static int compare_keys(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum status cmd_keys(struct store *st, char **args) {
    struct key_list list = { .prefix = args[0] };
    table_each(&st->table, collect_key, &list);
    qsort(list.keys, list.count, sizeof(list.keys[0]), compare_keys);
    for (size_t i = 0; i < list.count; i++)
        fprintf(st->out, "%zu) %s\n", i + 1, list.keys[i]);
    return ST_OK;
}

static enum status cmd_stats(struct store *st, char **args) {
    (void)args;
    fprintf(st->out, "%zu keys, %d cached\n", st->table.count, st->cache.used);
    stats_print(&st->stats, st->out);
    return ST_OK;
}

static const struct command {
    const char *name;
    int nargs;
    enum status (*run)(struct store *st, char **args);
} commands[] = {
    { "set", 2, cmd_set },   { "get", 1, cmd_get },   { "del", 1, cmd_del },
    { "incr", 1, cmd_incr }, { "keys", 1, cmd_keys }, { "stats", 0, cmd_stats },
};

/* Splits the line in place and returns the number of words. */
static int split(char *line, char **words, int max) {
    int n = 0;
    for (char *w = strtok(line, " \t"); w && n < max; w = strtok(NULL, " \t"))
        words[n++] = w;
    return n;
}

static enum status dispatch(struct store *st, char **words, int nargs) {
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strcmp(commands[i].name, words[0]) == 0)
            return commands[i].nargs == nargs ? commands[i].run(st, words + 1) : ST_USAGE;
    }
    return ST_UNKNOWN;
}

void store_open(struct store *st, FILE *out) {
    *st = (struct store){ .out = out, .cache = { .on_evict = note_eviction, .arg = st } };
}

void store_close(struct store *st) {
    table_clear(&st->table);
}

enum status store_execute(struct store *st, const char *line) {
    char buf[MAX_LINE];
    char *words[MAX_ARGS];
    snprintf(buf, sizeof(buf), "%s", line);
    int n = split(buf, words, MAX_ARGS);
    if (n == 0 || words[0][0] == '#')
        return ST_OK;
    enum status status = dispatch(st, words, n - 1);
    stats_add(&st->stats, STAT_COMMANDS);
    if (status != ST_OK)
        stats_add(&st->stats, STAT_ERRORS);
    return status;
}

const char *status_text(enum status status) {
    static const char *const texts[] = {
        [ST_OK] = "ok",
        [ST_UNKNOWN] = "unknown command",
        [ST_USAGE] = "wrong number of arguments",
        [ST_NOT_FOUND] = "not found",
        [ST_NOT_NUMBER] = "not a number",
    };
    return texts[status];
}
