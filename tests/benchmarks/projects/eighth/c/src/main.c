#include <stdio.h>

#include "assembler.h"
#include "trace.h"
#include "vm.h"

static const struct sample {
    const char *name;
    int shown_steps;
    const char *source;
} samples[] = {
    {"factorial", 14,
     "        push 6\n call fact\n print\n halt\n"
     "fact:   dup\n push 2\n lt\n jz recur\n ret\n"
     "recur:  dup\n push 1\n sub\n"
     "        call fact      ; n (n-1)!\n"
     "        mul\n ret\n"},
    {"gcd", 10,
     "        push 84\n store 0\n push 36\n store 1\n"
     "next:   load 1\n jz done\n"
     "        load 1\n load 0\n load 1\n mod    ; b, a mod b\n"
     "        store 1\n store 0\n jmp next\n"
     "done:   load 0\n print\n halt\n"},
    {"average", 0, "push 10\n push 25\n add\n push 2\n div\n print\n halt\n"},
    {"division", 0, "push 7\npush 0\ndiv\n"},
    {"underflow", 0, "push 1\nadd\n"},
    {"runaway", 0, "again: call again\n"},
    {"fall through", 0, "push 1\nprint\n"},
    {"bad label", 0, "jmp nowhere\n"},
    {"bad name", 0, "push 1\nfrobnicate\n"},
    {"bad operand", 0, "a: push\n"},
    {"twice", 0, "a: halt\na: halt\n"},
};

static void print_value(int value)
{
    printf("  > %d\n", value);
}

static void run_sample(const struct sample *sample)
{
    struct program program;
    struct vm vm;
    struct trace trace;
    printf("%s\n", sample->name);
    if (assemble(&program, sample->source) != 0) {
        printf("  line %d: %s\n", program.error_line, program.error);
        return;
    }
    vm_init(&vm, program.code, program.length, print_value);
    trace_attach(&trace, &vm, &program, sample->shown_steps);
    enum vm_status status = vm_run(&vm);
    printf("  %s at %d\n", vm_status_text(status), vm.pc);
    trace_report(&trace);
}

int main(void)
{
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++)
        run_sample(&samples[i]);
    return 0;
}
