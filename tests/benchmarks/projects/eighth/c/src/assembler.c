#include "assembler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One source line, split; the fields are empty where the line has none. */
struct line {
    char label[ASM_NAME_MAX];
    char mnemonic[ASM_NAME_MAX];
    char operand[ASM_NAME_MAX];
};

typedef int (*line_handler)(struct program *program, const struct line *line);

static int fail(struct program *program, const char *message, const char *detail)
{
    snprintf(program->error, sizeof program->error, "%s '%s'", message, detail);
    return -1;
}

static struct line split_line(const char *text, size_t length)
{
    struct line line = {"", "", ""};
    char buffer[80];
    snprintf(buffer, sizeof buffer, "%.*s", (int)length, text);
    buffer[strcspn(buffer, ";")] = '\0';
    char *colon = strchr(buffer, ':');
    if (colon) {
        *colon = '\0';
        sscanf(buffer, "%15s", line.label);
    }
    sscanf(colon ? colon + 1 : buffer, "%15s %15s", line.mnemonic, line.operand);
    return line;
}

static int each_line(struct program *program, const char *source, line_handler handle)
{
    program->error_line = 0;
    program->length = 0;
    while (*source) {
        size_t length = strcspn(source, "\n");
        struct line line = split_line(source, length);
        program->error_line++;
        if (handle(program, &line) != 0)
            return -1;
        source += length + (source[length] == '\n');
    }
    return 0;
}

static const struct label *find_label(const struct program *program, const char *name)
{
    for (int i = 0; i < program->label_count; i++) {
        if (strcmp(program->labels[i].name, name) == 0)
            return &program->labels[i];
    }
    return NULL;
}

/* First pass: notes where the labels are. */
static int collect_label(struct program *program, const struct line *line)
{
    if (line->label[0]) {
        if (find_label(program, line->label))
            return fail(program, "duplicate label", line->label);
        if (program->label_count == ASM_LABELS_MAX)
            return fail(program, "no room for label", line->label);
        struct label *label = &program->labels[program->label_count++];
        strcpy(label->name, line->label);
        label->address = program->length;
    }
    program->length += line->mnemonic[0] != '\0';
    return 0;
}

static int parse_operand(struct program *program, const char *text, int *value)
{
    const struct label *label = find_label(program, text);
    char *end;
    *value = label ? label->address : (int)strtol(text, &end, 10);
    if (!label && (end == text || *end))
        return fail(program, "unknown operand", text);
    return 0;
}

/* Second pass: writes the instructions. */
static int emit(struct program *program, const struct line *line)
{
    if (!line->mnemonic[0])
        return 0;
    int op = op_find(line->mnemonic);
    if (op < 0)
        return fail(program, "unknown instruction", line->mnemonic);
    if (program->length == VM_CODE_MAX)
        return fail(program, "no room for", line->mnemonic);
    if (op_table[op].has_operand != (line->operand[0] != '\0'))
        return fail(program, "wrong operands for", line->mnemonic);

    struct instruction *next = &program->code[program->length++];
    *next = (struct instruction){.op = op};
    return op_table[op].has_operand ? parse_operand(program, line->operand, &next->operand) : 0;
}

int assemble(struct program *program, const char *source)
{
    memset(program, 0, sizeof *program);
    if (each_line(program, source, collect_label) != 0)
        return -1;
    return each_line(program, source, emit);
}

const char *program_label_at(const struct program *program, int address)
{
    for (int i = 0; i < program->label_count; i++) {
        if (program->labels[i].address == address)
            return program->labels[i].name;
    }
    return NULL;
}
