#pragma once

#include "vm.h"

#define ASM_LABELS_MAX 16
#define ASM_NAME_MAX 16

struct label {
    char name[ASM_NAME_MAX];
    int address;
};

struct program {
    struct instruction code[VM_CODE_MAX];
    int length;
    struct label labels[ASM_LABELS_MAX];
    int label_count;
    int error_line;
    char error[64];
};

/* Translates source text; returns 0, or -1 with the error fields set. */
int assemble(struct program *program, const char *source);

/* Name of the label at an address, or NULL. */
const char *program_label_at(const struct program *program, int address);
