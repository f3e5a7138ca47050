#pragma once

#include "opcodes.h"

#define VM_CODE_MAX 128
#define VM_STACK_MAX 32
#define VM_CALLS_MAX 16
#define VM_MEMORY_MAX 16

struct instruction {
    enum opcode op;
    int operand;
};

enum vm_status {
    VM_RUNNING, VM_HALTED,
    VM_STACK_UNDERFLOW, VM_STACK_OVERFLOW,
    VM_DIVIDE_BY_ZERO, VM_BAD_ADDRESS
};

struct vm {
    const struct instruction *code;
    int length;
    int pc;
    int stack[VM_STACK_MAX];
    int depth;
    int calls[VM_CALLS_MAX];
    int call_depth;
    int memory[VM_MEMORY_MAX];
    void (*print)(int value);
    void (*on_step)(const struct vm *vm, void *context); /* before each instruction, if set */
    void *context;
};

void vm_init(struct vm *vm, const struct instruction *code, int length, void (*print)(int));
enum vm_status vm_run(struct vm *vm);
const char *vm_status_text(enum vm_status status);
