#include "trace.h"

#include <stdio.h>

static void show_step(const struct trace *trace, const struct vm *vm)
{
    const struct instruction *next = &vm->code[vm->pc];
    const struct op_info *info = &op_table[next->op];
    const char *label = program_label_at(trace->program, vm->pc);
    char operand[ASM_NAME_MAX] = "";
    if (info->has_operand)
        snprintf(operand, sizeof operand, "%d", next->operand);
    printf("  %-6s %02d %-5s %-3s [", label ? label : "", vm->pc, info->mnemonic, operand);
    for (int i = 0; i < vm->depth; i++)
        printf("%s%d", i ? " " : "", vm->stack[i]);
    printf("]\n");
}

static void on_step(const struct vm *vm, void *context)
{
    struct trace *trace = context;
    if (trace->steps++ < trace->shown_max)
        show_step(trace, vm);
    trace->counts[vm->code[vm->pc].op]++;
}

void trace_attach(struct trace *trace, struct vm *vm, const struct program *program, int shown_max)
{
    *trace = (struct trace){.program = program, .shown_max = shown_max};
    vm->on_step = on_step;
    vm->context = trace;
}

void trace_report(const struct trace *trace)
{
    printf("  %d steps:", trace->steps);
    for (int op = 0; op < OP_COUNT; op++) {
        if (trace->counts[op])
            printf(" %s=%d", op_table[op].mnemonic, trace->counts[op]);
    }
    printf("\n");
}
