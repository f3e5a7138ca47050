#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>

#define NAME_MAX_LEN 15
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

enum process_state { PROCESS_NEW, PROCESS_READY, PROCESS_RUNNING, PROCESS_DONE };

/* One simulated process. Times are in ticks since the start of the simulation. */
struct process {
    int pid;
    char name[NAME_MAX_LEN + 1];
    int arrival;
    int burst;
    int priority; /* lower is more urgent */

    enum process_state state;
    int remaining;
    int ready_since;
    int first_run; /* -1 before it has run */
    int finished;
};

void process_init(struct process *p, int pid, const char *name, int arrival, int burst, int priority);
const char *process_state_name(enum process_state state);

/* Ticks from arrival to completion. */
static inline int process_turnaround(const struct process *p)
{
    return p->finished - p->arrival;
}

static inline int process_waiting(const struct process *p)
{
    return process_turnaround(p) - p->burst;
}

#endif
