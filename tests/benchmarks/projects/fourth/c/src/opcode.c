#include "opcode.h"

#include <string.h>

static const struct opcode_info {
    const char *text;
    arg_kind arg;
} table[OP_COUNT] = {
#define X(name, text, arg) [name] = {text, arg},
    OPCODE_LIST(X)
#undef X
};

const char *opcode_text(opcode op) { return op < OP_COUNT ? table[op].text : "?"; }

arg_kind opcode_arg(opcode op) { return table[op].arg; }

opcode opcode_find(const char *text)
{
    int op = 0;
    while (op < OP_COUNT && strcmp(table[op].text, text) != 0)
        op++;
    return (opcode)op;
}
