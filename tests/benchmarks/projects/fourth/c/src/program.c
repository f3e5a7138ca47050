#include "program.h"

#include <stdlib.h>

#define INITIAL_CAPACITY 16
#define HASH_SEED 2166136261u
#define HASH_STEP(hash, value) (((hash) ^ (unsigned)(value)) * 16777619u)

void program_init(program *p, const char *name) { *p = (program){.name = name}; }

void program_free(program *p)
{
    free(p->code);
    program_init(p, p->name);
}

static void grow(program *p)
{
    size_t capacity = p->capacity ? p->capacity * 2 : INITIAL_CAPACITY;
    instr *code = realloc(p->code, capacity * sizeof *code);
    if (!code) {
        fputs("out of memory\n", stderr);
        exit(EXIT_FAILURE);
    }
    p->code = code;
    p->capacity = capacity;
}

size_t program_add(program *p, opcode op, int32_t arg, int line)
{
    if (p->size == p->capacity)
        grow(p);
    p->code[p->size] = (instr){op, arg, line};
    return p->size++;
}

unsigned program_hash(const program *p)
{
    unsigned hash = HASH_SEED;
    for (const instr *i = p->code; i < p->code + p->size; i++) {
        hash = HASH_STEP(hash, i->op);
        hash = HASH_STEP(hash, i->arg);
    }
    return hash;
}

void program_list(const program *p, size_t limit, FILE *out)
{
    for (size_t i = 0; i < p->size && i < limit; i++) {
        const instr *in = &p->code[i];
        fprintf(out, "  %03zu %-6s", i, opcode_text(in->op));
        if (opcode_arg(in->op) != ARG_NONE)
            fprintf(out, "%d", (int)in->arg);
        fprintf(out, " ; line %d\n", in->line);
    }
}
