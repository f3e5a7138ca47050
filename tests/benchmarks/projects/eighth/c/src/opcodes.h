#pragma once

/* Every instruction: name, mnemonic, whether an operand follows, values popped and pushed. */
#define OPCODES(X)             \
    X(HALT, "halt", 0, 0, 0)   \
    X(PUSH, "push", 1, 0, 1)   \
    X(DUP, "dup", 0, 1, 2)     \
    X(ADD, "add", 0, 2, 1)     \
    X(SUB, "sub", 0, 2, 1)     \
    X(MUL, "mul", 0, 2, 1)     \
    X(DIV, "div", 0, 2, 1)     \
    X(MOD, "mod", 0, 2, 1)     \
    X(LESS, "lt", 0, 2, 1)     \
    X(LOAD, "load", 1, 0, 1)   \
    X(STORE, "store", 1, 1, 0) \
    X(JUMP, "jmp", 1, 0, 0)    \
    X(JUMPZ, "jz", 1, 1, 0)    \
    X(CALL, "call", 1, 0, 0)   \
    X(RET, "ret", 0, 0, 0)     \
    X(PRINT, "print", 0, 1, 0)

enum opcode {
#define X(name, mnemonic, operand, pops, pushes) OP_##name,
    OPCODES(X)
#undef X
    OP_COUNT
};

struct op_info {
    const char *mnemonic;
    int has_operand;
    int pops;
    int pushes;
};

extern const struct op_info op_table[OP_COUNT];

/* Returns the opcode with a mnemonic, or -1. */
int op_find(const char *mnemonic);
