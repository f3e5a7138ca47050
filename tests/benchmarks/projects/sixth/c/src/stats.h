#ifndef KV_STATS_H
#define KV_STATS_H

#include <stdio.h>

#define STAT_LIST(X) X(COMMANDS) X(ERRORS) X(HITS) X(MISSES) X(EVICTIONS)

#define STAT_ENUM(name) STAT_##name,
enum stat { STAT_LIST(STAT_ENUM) STAT_COUNT };
#undef STAT_ENUM

struct stats {
    unsigned long counts[STAT_COUNT];
};

static inline void stats_add(struct stats *s, enum stat which) {
    s->counts[which]++;
}

double stats_hit_rate(const struct stats *s);
void stats_print(const struct stats *s, FILE *out);

#endif
