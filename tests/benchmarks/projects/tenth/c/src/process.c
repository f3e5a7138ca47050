#include "process.h"

#include <stdio.h>

static const char *const state_names[] = {
    [PROCESS_NEW] = "new",
    [PROCESS_READY] = "ready",
    [PROCESS_RUNNING] = "running",
    [PROCESS_DONE] = "done",
};

void process_init(struct process *p, int pid, const char *name, int arrival, int burst, int priority)
{
    *p = (struct process){
        .pid = pid,
        .arrival = arrival,
        .burst = burst,
        .priority = priority,
        .remaining = burst,
        .first_run = -1,
    };
    snprintf(p->name, sizeof p->name, "%s", name);
}

const char *process_state_name(enum process_state state)
{
    return (size_t)state < ARRAY_LEN(state_names) ? state_names[state] : "?";
}
