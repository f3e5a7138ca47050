#include <stdio.h>

#include "assembler.h"
#include "samples.h"
#include "vm.h"

#define LIST_LIMIT 6
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* What a program printed, and what becomes of it over all programs. */
typedef struct {
    int count;
    value sum;
    value last;
} tally;

static struct {
    int passed;
    int failed;
    int rejected;
    int peak;
    unsigned long steps;
} totals;

static void collect(void *context, value v)
{
    tally *t = context;
    t->count++;
    t->sum += v;
    t->last = v;
}

static void show(void *context, value v)
{
    printf(" %lld", (long long)v);
    collect(context, v);
}

static void trace(const program *p, int steps)
{
    tally ignored = {0};
    vm m;
    vm_init(&m, p, collect, &ignored);
    for (int i = 0; i < steps && vm_step(&m) == VM_OK; i++)
        printf("  pc %zu, stack %d, calls %d\n", m.pc, m.stack.size, m.calls.size);
}

static void run(const program *p)
{
    tally printed = {0};
    vm m;
    vm_init(&m, p, show, &printed);
    printf("%s:", p->name);
    vm_status status = vm_run(&m);
    printf(" (%s)\n", vm_message(status));
    printf("  %d printed, sum %lld, last %lld\n", printed.count, (long long)printed.sum,
           (long long)printed.last);
    printf("  %lu steps, mostly %s, peak %d/%d\n", m.steps, opcode_text(vm_busiest(&m)), m.stack.peak,
           m.calls.peak);
    totals.passed += status == VM_HALTED;
    totals.failed += status != VM_HALTED;
    totals.steps += m.steps;
    totals.peak = MAX(totals.peak, MAX(m.stack.peak, m.calls.peak));
}

int main(void)
{
    for (size_t i = 0; i < sample_count; i++) {
        const struct sample *sample = &samples[i];
        program p;
        asm_error error;
        program_init(&p, sample->name);
        if (asm_parse(sample->source, &p, &error)) {
            run(&p);
            printf("  %zu instructions, hash %08x\n", p.size, program_hash(&p));
        } else {
            totals.rejected++;
            printf("%s: line %d: %s: %s\n", p.name, error.line, asm_message(error.status), error.name);
        }
        if (i == 0) {
            program_list(&p, LIST_LIMIT, stdout);
            trace(&p, LIST_LIMIT);
        }
        program_free(&p);
    }
    printf("%d halted, %d failed, %d rejected\n", totals.passed, totals.failed, totals.rejected);
    printf("%lu steps in all, highest stack %d\n", totals.steps, totals.peak);
    return totals.rejected == 4 ? 0 : 1;
}
