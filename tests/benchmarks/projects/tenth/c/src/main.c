#include <stdio.h>
#include <stdlib.h>

#include "scheduler.h"

struct log {
    char timeline[64]; /* the process that has each tick, by its initial */
    int since, events;
};

static const struct {
    const char *name;
    int arrival, burst, priority;
} workload[] = {
    { "editor", 0, 6, 2 },
    { "compiler", 1, 9, 3 },
    { "shell", 3, 2, 1 },
    { "mailer", 3, 2, 1 },
    { "backup", 4, 5, 4 },
    { "player", 25, 4, 1 },
};

static void fill(struct log *log, int until, char mark)
{
    for (; log->since < until && log->since < (int)sizeof log->timeline - 1; log->since++)
        log->timeline[log->since] = mark;
}

static void record(int now, const struct process *p, void *user)
{
    struct log *log = user;

    log->events++;
    if (p->state == PROCESS_RUNNING)
        fill(log, now, '.');
    else if (p->state == PROCESS_DONE || p->first_run >= 0)
        fill(log, now, p->name[0]);
}

static void print_event(int now, const struct process *p, void *user)
{
    record(now, p, user);
    printf("  %2d %-8s (%d) %-7s %d left\n", now, p->name, p->pid,
           process_state_name(p->state), p->remaining);
}

static int simulate(const struct policy *policy, scheduler_hook hook)
{
    struct process procs[ARRAY_LEN(workload)];
    struct scheduler_stats st;
    struct log log = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(workload); i++)
        process_init(&procs[i], (int)i + 1, workload[i].name, workload[i].arrival,
                     workload[i].burst, workload[i].priority);
    printf("policy %s, quantum %d%s\n", policy->name, policy->quantum,
           policy->preemptive ? ", preemptive" : "");
    if (scheduler_run(policy, procs, ARRAY_LEN(procs), hook, &log, &st) != 0)
        return -1;
    printf("  %s\n", log.timeline);
    printf("  waiting %.2f, turnaround %.2f, response %.2f\n", st.mean_waiting, st.mean_turnaround,
           st.mean_response);
    printf("  %d events, %d switches, %d of %d ticks idle\n", log.events, st.switches, st.idle, st.end);
    return 0;
}

int main(void)
{
    for (const struct policy *p = policies; p->name; p++) {
        if (simulate(p, record) != 0)
            return EXIT_FAILURE;
    }

    const struct policy *detailed = policy_find("prio");
    return detailed && simulate(detailed, print_event) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
