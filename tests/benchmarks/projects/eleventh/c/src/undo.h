#pragma once

#include <stddef.h>

typedef enum { EDIT_INSERT, EDIT_DELETE } EditKind;

/* One change of the text, with what is needed to take it back. */
typedef struct Edit {
    EditKind kind;
    size_t pos;
    size_t len;
    char *text;
    struct Edit *next;
} Edit;

/* A stack of edits, linked from the newest to the oldest. */
typedef struct {
    Edit *top;
    int depth;
} EditStack;

Edit *edit_new(EditKind kind, size_t pos, size_t len);
void edit_free(Edit *edit);
void stack_push(EditStack *stack, Edit *edit);
Edit *stack_pop(EditStack *stack);
void stack_clear(EditStack *stack);
