#pragma once

#include "assembler.h"

/* Watches a run: shows the first steps and counts the instructions. */
struct trace {
    const struct program *program;
    int shown_max;
    int steps;
    int counts[OP_COUNT];
};

void trace_attach(struct trace *trace, struct vm *vm, const struct program *program, int shown_max);
void trace_report(const struct trace *trace);
