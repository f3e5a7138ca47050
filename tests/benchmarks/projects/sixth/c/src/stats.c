#include "stats.h"

#define STAT_NAME(name) #name,
static const char *const names[] = { STAT_LIST(STAT_NAME) };
#undef STAT_NAME

double stats_hit_rate(const struct stats *s) {
    unsigned long reads = s->counts[STAT_HITS] + s->counts[STAT_MISSES];
    return reads ? 100.0 * s->counts[STAT_HITS] / reads : 0.0;
}

void stats_print(const struct stats *s, FILE *out) {
    for (int i = 0; i < STAT_COUNT; i++)
        fprintf(out, "%-9s %lu\n", names[i], s->counts[i]);
    fprintf(out, "hit rate  %.1f%%\n", stats_hit_rate(s));
}
