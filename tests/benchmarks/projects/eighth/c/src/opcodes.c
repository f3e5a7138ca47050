#include "opcodes.h"

#include <string.h>

const struct op_info op_table[OP_COUNT] = {
#define X(name, mnemonic, operand, pops, pushes) {mnemonic, operand, pops, pushes},
    OPCODES(X)
#undef X
};

int op_find(const char *mnemonic)
{
    for (int op = 0; op < OP_COUNT; op++) {
        if (strcmp(op_table[op].mnemonic, mnemonic) == 0)
            return op;
    }
    return -1;
}
