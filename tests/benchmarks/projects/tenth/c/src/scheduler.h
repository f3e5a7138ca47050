#ifndef SCHEDULER_H
#define SCHEDULER_H

#include <stdbool.h>
#include <stddef.h>

#include "pqueue.h"
#include "process.h"

/* How the next process is chosen and how long it may keep the processor. */
struct policy {
    const char *name;
    pqueue_cmp before;
    int quantum;     /* ticks of a turn, 0 for no limit */
    bool preemptive; /* a better process that arrives takes over */
};

/* All policies; the last one has no name. */
extern const struct policy policies[];

const struct policy *policy_find(const char *name);

/* Is called whenever a process changes its state. */
typedef void (*scheduler_hook)(int now, const struct process *p, void *user);

struct scheduler_stats {
    double mean_waiting, mean_turnaround, mean_response;
    int switches, idle, end;
};

/* Runs the processes, in order of arrival, until all are done. Returns 0, or -1 without memory. */
int scheduler_run(const struct policy *policy, struct process *procs, size_t count,
                  scheduler_hook hook, void *user, struct scheduler_stats *stats);

#endif
