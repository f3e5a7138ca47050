#ifndef SVM_OPCODE_H
#define SVM_OPCODE_H

/* name, mnemonic, operand kind */
#define OPCODE_LIST(X)            \
    X(OP_HALT, "halt", ARG_NONE)  \
    X(OP_PUSH, "push", ARG_INT)   \
    X(OP_POP, "pop", ARG_NONE)    \
    X(OP_DUP, "dup", ARG_NONE)    \
    X(OP_SWAP, "swap", ARG_NONE)  \
    X(OP_OVER, "over", ARG_NONE)  \
    X(OP_ADD, "add", ARG_NONE)    \
    X(OP_SUB, "sub", ARG_NONE)    \
    X(OP_MUL, "mul", ARG_NONE)    \
    X(OP_DIV, "div", ARG_NONE)    \
    X(OP_MOD, "mod", ARG_NONE)    \
    X(OP_LT, "lt", ARG_NONE)      \
    X(OP_EQ, "eq", ARG_NONE)      \
    X(OP_LOAD, "load", ARG_INT)   \
    X(OP_STORE, "store", ARG_INT) \
    X(OP_PEEK, "peek", ARG_NONE)  \
    X(OP_POKE, "poke", ARG_NONE)  \
    X(OP_JUMP, "jump", ARG_LABEL) \
    X(OP_JZ, "jz", ARG_LABEL)     \
    X(OP_CALL, "call", ARG_LABEL) \
    X(OP_RET, "ret", ARG_NONE)    \
    X(OP_PRINT, "print", ARG_NONE)

typedef enum { ARG_NONE, ARG_INT, ARG_LABEL } arg_kind;

typedef enum {
#define X(name, text, arg) name,
    OPCODE_LIST(X)
#undef X
    OP_COUNT
} opcode;

const char *opcode_text(opcode op);
arg_kind opcode_arg(opcode op);
/* Returns OP_COUNT when there is no such mnemonic. */
opcode opcode_find(const char *text);

#endif
