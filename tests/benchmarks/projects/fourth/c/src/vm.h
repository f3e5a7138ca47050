#ifndef SVM_VM_H
#define SVM_VM_H

#include "program.h"

#define VM_STACK_SIZE 64
#define VM_MEMORY_SIZE 128
#define VM_STEP_LIMIT 20000UL

typedef int64_t value;

typedef enum vm_status {
    VM_OK,
    VM_HALTED,
    VM_UNDERFLOW,
    VM_OVERFLOW,
    VM_ZERO_DIVIDE,
    VM_BAD_ADDRESS,
    VM_TIMEOUT
} vm_status;

struct stack {
    value data[VM_STACK_SIZE];
    int size;
    int peak;
};

/* Called for every value that the program prints. */
typedef void (*vm_output)(void *context, value v);

typedef struct vm {
    const program *code;
    struct stack stack;
    struct stack calls;
    value memory[VM_MEMORY_SIZE];
    size_t pc;
    unsigned long steps;
    unsigned long counts[OP_COUNT];
    vm_output output;
    void *context;
} vm;

void vm_init(vm *m, const program *code, vm_output output, void *context);
vm_status vm_step(vm *m);
vm_status vm_run(vm *m);
/* The opcode that was executed most; the first of them if there are several. */
opcode vm_busiest(const vm *m);
const char *vm_message(vm_status status);

#endif
