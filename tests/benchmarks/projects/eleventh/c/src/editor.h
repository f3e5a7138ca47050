#pragma once

#include <stdbool.h>

#include "gap_buffer.h"
#include "undo.h"

#define NOT_FOUND ((size_t)-1)

typedef struct {
    GapBuffer text;
    size_t cursor;
    EditStack undo;
    EditStack redo;
} Editor;

void editor_init(Editor *ed);
void editor_free(Editor *ed);

void editor_insert(Editor *ed, const char *text);
/* Deletes up to count characters after the cursor; returns how many. */
size_t editor_delete(Editor *ed, size_t count);
bool editor_undo(Editor *ed);
bool editor_redo(Editor *ed);

void editor_move(Editor *ed, long by);
void editor_goto_line(Editor *ed, size_t line);

/* Returns the first place of needle at or after from, or NOT_FOUND. */
size_t editor_find(const Editor *ed, const char *needle, size_t from);

/* Calls visit for each line, with its number counted from one. */
typedef void (*LineVisitor)(size_t number, const char *line, void *context);
void editor_each_line(const Editor *ed, LineVisitor visit, void *context);
