#ifndef SVM_ASSEMBLER_H
#define SVM_ASSEMBLER_H

#include <stdbool.h>

#include "program.h"

#define ASM_NAME_MAX 24
#define ASM_LABEL_MAX 32

enum asm_status { ASM_OK, ASM_UNKNOWN, ASM_OPERAND, ASM_DUPLICATE, ASM_UNDEFINED, ASM_FULL };

typedef struct {
    enum asm_status status;
    int line;
    char name[ASM_NAME_MAX];
} asm_error;

/* Translates the source text and appends the result to `out`. */
bool asm_parse(const char *source, program *out, asm_error *error);
const char *asm_message(enum asm_status status);

#endif
