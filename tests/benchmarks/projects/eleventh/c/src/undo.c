#include "undo.h"

#include "util.h"

Edit *edit_new(EditKind kind, size_t pos, size_t len) {
    Edit *edit = xmalloc(sizeof *edit);
    *edit = (Edit){ .kind = kind, .pos = pos, .len = len, .text = xmalloc(len + 1) };
    return edit;
}

void edit_free(Edit *edit) {
    free(edit->text);
    free(edit);
}

void stack_push(EditStack *stack, Edit *edit) {
    edit->next = stack->top;
    stack->top = edit;
    stack->depth++;
}

Edit *stack_pop(EditStack *stack) {
    Edit *edit = stack->top;
    if (edit) {
        stack->top = edit->next;
        stack->depth--;
    }
    return edit;
}

void stack_clear(EditStack *stack) {
    Edit *edit;
    while ((edit = stack_pop(stack)) != NULL)
        edit_free(edit);
}
