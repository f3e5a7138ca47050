#ifndef SVM_PROGRAM_H
#define SVM_PROGRAM_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "opcode.h"

typedef struct {
    opcode op;
    int32_t arg;
    int line;
} instr;

/* A growing list of instructions. */
typedef struct program {
    const char *name;
    instr *code;
    size_t size;
    size_t capacity;
} program;

void program_init(program *p, const char *name);
void program_free(program *p);
size_t program_add(program *p, opcode op, int32_t arg, int line);
unsigned program_hash(const program *p);
void program_list(const program *p, size_t limit, FILE *out);

#endif
