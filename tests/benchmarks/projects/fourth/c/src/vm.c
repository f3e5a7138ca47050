#include "vm.h"

#include <stdbool.h>
#include <string.h>

#define TRY(expr)                     \
    do {                              \
        vm_status status_ = (expr);   \
        if (status_ != VM_OK)         \
            return status_;           \
    } while (0)

static const char *const messages[] = {
    [VM_OK] = "running",
    [VM_HALTED] = "halted",
    [VM_UNDERFLOW] = "stack underflow",
    [VM_OVERFLOW] = "stack overflow",
    [VM_ZERO_DIVIDE] = "division by zero",
    [VM_BAD_ADDRESS] = "bad address",
    [VM_TIMEOUT] = "too many steps",
};

static vm_status push(struct stack *s, value v)
{
    if (s->size == VM_STACK_SIZE)
        return VM_OVERFLOW;
    s->data[s->size++] = v;
    if (s->size > s->peak)
        s->peak = s->size;
    return VM_OK;
}

static vm_status pop(struct stack *s, value *v)
{
    if (s->size == 0)
        return VM_UNDERFLOW;
    *v = s->data[--s->size];
    return VM_OK;
}

static inline bool in_memory(value address) { return address >= 0 && address < VM_MEMORY_SIZE; }

static vm_status binary(struct stack *s, opcode op)
{
    value a, b;
    TRY(pop(s, &b));
    TRY(pop(s, &a));
    if (b == 0 && (op == OP_DIV || op == OP_MOD))
        return VM_ZERO_DIVIDE;
    switch (op) {
    case OP_ADD: return push(s, a + b);
    case OP_SUB: return push(s, a - b);
    case OP_MUL: return push(s, a * b);
    case OP_DIV: return push(s, a / b);
    case OP_MOD: return push(s, a % b);
    case OP_LT: return push(s, a < b);
    default: return push(s, a == b);
    }
}

/* Reads or writes memory, at the operand or at an address from the stack. */
static vm_status transfer(vm *m, opcode op, value address)
{
    if (op == OP_PEEK || op == OP_POKE)
        TRY(pop(&m->stack, &address));
    if (!in_memory(address))
        return VM_BAD_ADDRESS;
    if (op == OP_LOAD || op == OP_PEEK)
        return push(&m->stack, m->memory[address]);
    return pop(&m->stack, &m->memory[address]);
}

void vm_init(vm *m, const program *code, vm_output output, void *context)
{
    memset(m, 0, sizeof *m);
    m->code = code;
    m->output = output;
    m->context = context;
}

vm_status vm_step(vm *m)
{
    value a, b;
    struct stack *s = &m->stack;
    if (m->pc >= m->code->size)
        return VM_BAD_ADDRESS;
    const instr *in = &m->code->code[m->pc++];
    m->steps++;
    m->counts[in->op]++;
    switch (in->op) {
    case OP_HALT:
        return VM_HALTED;
    case OP_PUSH:
        return push(s, in->arg);
    case OP_POP:
        return pop(s, &a);
    case OP_DUP:
        TRY(pop(s, &a));
        TRY(push(s, a));
        return push(s, a);
    case OP_SWAP: case OP_OVER:
        TRY(pop(s, &b));
        TRY(pop(s, &a));
        if (in->op == OP_OVER)
            TRY(push(s, a));
        TRY(push(s, b));
        return push(s, a);
    case OP_LOAD: case OP_STORE: case OP_PEEK: case OP_POKE:
        return transfer(m, in->op, in->arg);
    case OP_CALL:
        TRY(push(&m->calls, (value)m->pc));
        m->pc = (size_t)in->arg;
        return VM_OK;
    case OP_JZ:
        TRY(pop(s, &a));
        if (a != 0)
            return VM_OK;
        /* fall through */
    case OP_JUMP:
        m->pc = (size_t)in->arg;
        return VM_OK;
    case OP_RET:
        TRY(pop(&m->calls, &a));
        m->pc = (size_t)a;
        return VM_OK;
    case OP_PRINT:
        TRY(pop(s, &a));
        m->output(m->context, a);
        return VM_OK;
    default:
        return binary(s, in->op);
    }
}

vm_status vm_run(vm *m)
{
    vm_status status = VM_OK;
    while (status == VM_OK)
        status = m->steps < VM_STEP_LIMIT ? vm_step(m) : VM_TIMEOUT;
    return status;
}

opcode vm_busiest(const vm *m)
{
    opcode best = OP_HALT;
    for (int op = 0; op < OP_COUNT; op++)
        if (m->counts[op] > m->counts[best])
            best = (opcode)op;
    return best;
}

const char *vm_message(vm_status status) { return messages[status]; }
