#include "assembler.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct label {
    char name[ASM_NAME_MAX];
    int32_t target; /* -1 until it is defined */
    int line;
};

struct fixup {
    size_t at;
    int label;
};

typedef struct {
    const char *next;
    int line;
    program *out;
    asm_error *error;
    struct label labels[ASM_LABEL_MAX];
    int label_count;
    struct fixup fixups[ASM_LABEL_MAX * 2];
    int fixup_count;
} assembler;

static bool fail(assembler *a, enum asm_status status, const char *name)
{
    a->error->status = status;
    a->error->line = a->line;
    snprintf(a->error->name, sizeof a->error->name, "%s", name);
    return false;
}

static void skip_blanks(assembler *a)
{
    while (*a->next == ' ' || *a->next == '\t')
        a->next++;
    if (*a->next == ';')
        a->next += strcspn(a->next, "\n");
}

/* Copies the next word of the line to `name`; false at the end of the line. */
static bool next_word(assembler *a, char name[ASM_NAME_MAX])
{
    size_t size = 0;
    skip_blanks(a);
    while (*a->next && !isspace((unsigned char)*a->next) && *a->next != ';') {
        if (size < ASM_NAME_MAX - 1)
            name[size++] = *a->next;
        a->next++;
    }
    name[size] = '\0';
    return size > 0;
}

/* Returns the number of the label, which is added at its first mention. */
static int find_label(assembler *a, const char *name)
{
    for (int i = 0; i < a->label_count; i++)
        if (strcmp(a->labels[i].name, name) == 0)
            return i;
    if (a->label_count == ASM_LABEL_MAX)
        return -1;
    struct label *label = &a->labels[a->label_count];
    strcpy(label->name, name);
    label->target = -1;
    label->line = a->line;
    return a->label_count++;
}

static bool define_label(assembler *a, char *name)
{
    name[strlen(name) - 1] = '\0';
    int index = find_label(a, name);
    if (index < 0)
        return fail(a, ASM_FULL, name);
    struct label *label = &a->labels[index];
    if (label->target >= 0)
        return fail(a, ASM_DUPLICATE, name);
    label->target = (int32_t)a->out->size;
    return true;
}

static bool parse_operand(assembler *a, opcode op, int32_t *arg)
{
    char name[ASM_NAME_MAX];
    char *end;
    if (!next_word(a, name))
        return fail(a, ASM_OPERAND, opcode_text(op));
    if (opcode_arg(op) == ARG_INT) {
        *arg = (int32_t)strtol(name, &end, 10);
        return *end == '\0' || fail(a, ASM_OPERAND, name);
    }
    int index = find_label(a, name);
    if (index < 0 || a->fixup_count == ASM_LABEL_MAX * 2)
        return fail(a, ASM_FULL, name);
    a->fixups[a->fixup_count++] = (struct fixup){.at = a->out->size, .label = index};
    return true;
}

static bool parse_line(assembler *a)
{
    char name[ASM_NAME_MAX];
    while (next_word(a, name)) {
        if (name[strlen(name) - 1] == ':') {
            if (!define_label(a, name))
                return false;
            continue;
        }
        opcode op = opcode_find(name);
        int32_t arg = 0;
        if (op == OP_COUNT)
            return fail(a, ASM_UNKNOWN, name);
        if (opcode_arg(op) != ARG_NONE && !parse_operand(a, op, &arg))
            return false;
        program_add(a->out, op, arg, a->line);
    }
    return true;
}

static bool resolve(assembler *a)
{
    for (int i = 0; i < a->fixup_count; i++) {
        const struct fixup *fixup = &a->fixups[i];
        const struct label *label = &a->labels[fixup->label];
        if (label->target < 0) {
            a->line = label->line;
            return fail(a, ASM_UNDEFINED, label->name);
        }
        a->out->code[fixup->at].arg = label->target;
    }
    return true;
}

bool asm_parse(const char *source, program *out, asm_error *error)
{
    assembler a = {.next = source, .line = 1, .out = out, .error = error};
    *error = (asm_error){.status = ASM_OK};
    for (;; a.line++) {
        if (!parse_line(&a))
            return false;
        if (*a.next == '\0')
            break;
        a.next++;
    }
    return resolve(&a);
}

const char *asm_message(enum asm_status status)
{
    switch (status) {
    case ASM_OK: return "ok";
    case ASM_UNKNOWN: return "unknown instruction";
    case ASM_OPERAND: return "bad operand";
    case ASM_DUPLICATE: return "label defined twice";
    case ASM_UNDEFINED: return "label not defined";
    case ASM_FULL: return "too many labels";
    }
    return "?";
}
