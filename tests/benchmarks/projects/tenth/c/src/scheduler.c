#include "scheduler.h"

struct scheduler {
    const struct policy *policy;
    struct pqueue ready;
    struct process *current;
    int now;
    int slice; /* ticks that the current process has had in this turn */
    scheduler_hook hook;
    void *user;
};

static void change_state(struct scheduler *s, struct process *p, enum process_state state)
{
    p->state = state;
    if (s->hook)
        s->hook(s->now, p, s->user);
}

static int make_ready(struct scheduler *s, struct process *p)
{
    p->ready_since = s->now;
    change_state(s, p, PROCESS_READY);
    return pqueue_push(&s->ready, p) ? 0 : -1;
}

static bool must_yield(const struct scheduler *s)
{
    const struct process *next = pqueue_peek(&s->ready);

    if (!next)
        return false;
    if (s->policy->quantum > 0 && s->slice >= s->policy->quantum)
        return true;
    return s->policy->preemptive && s->policy->before(next, s->current) < 0;
}

static void dispatch(struct scheduler *s, struct scheduler_stats *stats)
{
    s->current = pqueue_pop(&s->ready);
    s->slice = 0;
    if (!s->current)
        return;
    if (s->current->first_run < 0)
        s->current->first_run = s->now;
    stats->switches++;
    change_state(s, s->current, PROCESS_RUNNING);
}

static void summarize(struct scheduler_stats *stats, const struct process *procs, size_t count)
{
    for (const struct process *p = procs; p < procs + count; p++) {
        stats->mean_waiting += (double)process_waiting(p) / count;
        stats->mean_turnaround += (double)process_turnaround(p) / count;
        stats->mean_response += (double)(p->first_run - p->arrival) / count;
    }
}

int scheduler_run(const struct policy *policy, struct process *procs, size_t count,
                  scheduler_hook hook, void *user, struct scheduler_stats *stats)
{
    struct scheduler s = { .policy = policy, .hook = hook, .user = user };
    size_t arrived = 0, done = 0;
    int rc = 0;

    *stats = (struct scheduler_stats){ 0 };
    pqueue_init(&s.ready, policy->before);
    while (done < count) {
        while (arrived < count && procs[arrived].arrival <= s.now) {
            if ((rc = make_ready(&s, &procs[arrived++])) != 0)
                goto out;
        }
        if (!s.current || must_yield(&s)) {
            if (s.current && (rc = make_ready(&s, s.current)) != 0)
                goto out;
            dispatch(&s, stats);
        }

        s.now++;
        s.slice++;
        if (!s.current) {
            stats->idle++;
        } else if (--s.current->remaining == 0) {
            s.current->finished = s.now;
            change_state(&s, s.current, PROCESS_DONE);
            s.current = NULL;
            done++;
        }
    }
    stats->end = s.now;
    summarize(stats, procs, count);
out:
    pqueue_free(&s.ready);
    return rc;
}
