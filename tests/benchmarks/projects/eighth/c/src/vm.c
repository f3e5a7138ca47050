#include "vm.h"

void vm_init(struct vm *vm, const struct instruction *code, int length, void (*print)(int))
{
    *vm = (struct vm){.code = code, .length = length, .print = print};
}

static void push(struct vm *vm, int value)
{
    vm->stack[vm->depth++] = value;
}

static int pop(struct vm *vm)
{
    return vm->stack[--vm->depth];
}

/* What would keep the next instruction from running, or VM_RUNNING. */
static enum vm_status check(const struct vm *vm)
{
    if (vm->pc < 0 || vm->pc >= vm->length)
        return VM_BAD_ADDRESS;
    const struct instruction *next = &vm->code[vm->pc];
    const struct op_info *info = &op_table[next->op];
    if (vm->depth < info->pops || (next->op == OP_RET && vm->call_depth == 0))
        return VM_STACK_UNDERFLOW;
    if (vm->depth - info->pops + info->pushes > VM_STACK_MAX ||
        (next->op == OP_CALL && vm->call_depth == VM_CALLS_MAX))
        return VM_STACK_OVERFLOW;
    if ((next->op == OP_DIV || next->op == OP_MOD) && vm->stack[vm->depth - 1] == 0)
        return VM_DIVIDE_BY_ZERO;
    if ((next->op == OP_LOAD || next->op == OP_STORE) && (unsigned)next->operand >= VM_MEMORY_MAX)
        return VM_BAD_ADDRESS;
    return VM_RUNNING;
}

#define BINARY(vm, operator)           \
    do {                               \
        int right = pop(vm);           \
        int left = pop(vm);            \
        push(vm, left operator right); \
    } while (0)

static enum vm_status vm_step(struct vm *vm)
{
    enum vm_status status = check(vm);
    if (status != VM_RUNNING)
        return status;
    if (vm->on_step)
        vm->on_step(vm, vm->context);

    struct instruction now = vm->code[vm->pc++];
    switch (now.op) {
    case OP_PUSH: push(vm, now.operand); break;
    case OP_DUP: push(vm, vm->stack[vm->depth - 1]); break;
    case OP_ADD: BINARY(vm, +); break;
    case OP_SUB: BINARY(vm, -); break;
    case OP_MUL: BINARY(vm, *); break;
    case OP_DIV: BINARY(vm, /); break;
    case OP_MOD: BINARY(vm, %); break;
    case OP_LESS: BINARY(vm, <); break;
    case OP_LOAD: push(vm, vm->memory[now.operand]); break;
    case OP_STORE: vm->memory[now.operand] = pop(vm); break;
    case OP_JUMP: vm->pc = now.operand; break;
    case OP_JUMPZ: vm->pc = pop(vm) ? vm->pc : now.operand; break;
    case OP_CALL:
        vm->calls[vm->call_depth++] = vm->pc;
        vm->pc = now.operand;
        break;
    case OP_RET: vm->pc = vm->calls[--vm->call_depth]; break;
    case OP_PRINT: vm->print(pop(vm)); break;
    default: return VM_HALTED;
    }
    return VM_RUNNING;
}

enum vm_status vm_run(struct vm *vm)
{
    enum vm_status status = VM_RUNNING;
    while (status == VM_RUNNING)
        status = vm_step(vm);
    return status;
}

const char *vm_status_text(enum vm_status status)
{
    static const char *const texts[] = {
        "running", "halted", "stack underflow", "stack overflow", "divide by zero", "bad address",
    };
    return texts[status];
}
