#include "editor.h"

#include <string.h>

#include "util.h"

void editor_init(Editor *ed) {
    memset(ed, 0, sizeof *ed);
    gap_init(&ed->text, 16);
}

void editor_free(Editor *ed) {
    gap_free(&ed->text);
    stack_clear(&ed->undo);
    stack_clear(&ed->redo);
}

/* Carries out an edit, or its opposite, and leaves the cursor behind it. */
static void apply(Editor *ed, const Edit *edit, bool reverse) {
    if ((edit->kind == EDIT_INSERT) != reverse) {
        gap_insert(&ed->text, edit->pos, edit->text, edit->len);
        ed->cursor = edit->pos + edit->len;
    } else {
        gap_delete(&ed->text, edit->pos, edit->len);
        ed->cursor = edit->pos;
    }
}

static void commit(Editor *ed, Edit *edit) {
    apply(ed, edit, false);
    stack_push(&ed->undo, edit);
    stack_clear(&ed->redo);
}

void editor_insert(Editor *ed, const char *text) {
    Edit *edit = edit_new(EDIT_INSERT, ed->cursor, strlen(text));
    memcpy(edit->text, text, edit->len + 1);
    commit(ed, edit);
}

size_t editor_delete(Editor *ed, size_t count) {
    size_t len = MIN(count, gap_length(&ed->text) - ed->cursor);
    if (len > 0) {
        Edit *edit = edit_new(EDIT_DELETE, ed->cursor, len);
        gap_copy(&ed->text, ed->cursor, len, edit->text);
        commit(ed, edit);
    }
    return len;
}

static bool shift(Editor *ed, EditStack *from, EditStack *to, bool reverse) {
    Edit *edit = stack_pop(from);
    if (!edit)
        return false;
    apply(ed, edit, reverse);
    stack_push(to, edit);
    return true;
}

bool editor_undo(Editor *ed) {
    return shift(ed, &ed->undo, &ed->redo, true);
}

bool editor_redo(Editor *ed) {
    return shift(ed, &ed->redo, &ed->undo, false);
}

void editor_move(Editor *ed, long by) {
    long target = (long)ed->cursor + by;
    ed->cursor = (size_t)MIN(MAX(target, 0), (long)gap_length(&ed->text));
}

void editor_goto_line(Editor *ed, size_t line) {
    size_t pos = 0;
    while (line > 1 && pos < gap_length(&ed->text))
        if (gap_at(&ed->text, pos++) == '\n')
            line--;
    ed->cursor = pos;
}

static bool matches_at(const Editor *ed, size_t pos, const char *needle) {
    for (; *needle; needle++, pos++)
        if (pos >= gap_length(&ed->text) || gap_at(&ed->text, pos) != *needle)
            return false;
    return true;
}

size_t editor_find(const Editor *ed, const char *needle, size_t from) {
    for (size_t pos = from; pos < gap_length(&ed->text); pos++)
        if (matches_at(ed, pos, needle))
            return pos;
    return NOT_FOUND;
}

void editor_each_line(const Editor *ed, LineVisitor visit, void *context) {
    size_t start = 0, length = gap_length(&ed->text);
    char line[128];
    for (size_t number = 1; start < length; number++) {
        size_t end = editor_find(ed, "\n", start);
        if (end == NOT_FOUND)
            end = length;
        gap_copy(&ed->text, start, MIN(end - start, sizeof line - 1), line);
        visit(number, line, context);
        start = end + 1;
    }
}
