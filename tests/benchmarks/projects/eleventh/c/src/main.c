#include <stdio.h>
#include <string.h>

#include "editor.h"
#include "util.h"

typedef bool (*CommandFn)(Editor *ed, const char *arg);

static bool cmd_insert(Editor *ed, const char *arg) {
    editor_insert(ed, arg);
    return true;
}

static bool cmd_line(Editor *ed, const char *arg) {
    editor_insert(ed, arg);
    editor_insert(ed, "\n");
    return true;
}

static bool cmd_delete(Editor *ed, const char *arg) {
    return editor_delete(ed, strtoul(arg, NULL, 10)) > 0;
}

static bool cmd_move(Editor *ed, const char *arg) {
    editor_move(ed, strtol(arg, NULL, 10));
    return true;
}

static bool cmd_goto(Editor *ed, const char *arg) {
    editor_goto_line(ed, strtoul(arg, NULL, 10));
    return true;
}

static bool cmd_find(Editor *ed, const char *arg) {
    size_t pos = editor_find(ed, arg, ed->cursor);
    if (pos != NOT_FOUND)
        ed->cursor = pos;
    return pos != NOT_FOUND;
}

static bool cmd_undo(Editor *ed, const char *arg) {
    (void)arg;
    return editor_undo(ed);
}

static bool cmd_redo(Editor *ed, const char *arg) {
    (void)arg;
    return editor_redo(ed);
}

static void print_line(size_t number, const char *line, void *context) {
    size_t *total = context;
    printf("   %zu| %s\n", number, line);
    *total += strlen(line);
}

static bool cmd_show(Editor *ed, const char *arg) {
    size_t total = 0;
    editor_each_line(ed, print_line, &total);
    printf("   %s: %zu characters, cursor %zu, undo %d, redo %d\n", arg, total, ed->cursor,
           ed->undo.depth, ed->redo.depth);
    return true;
}

static const struct {
    const char *name;
    CommandFn run;
} commands[] = {
    { "insert", cmd_insert }, { "line", cmd_line }, { "delete", cmd_delete },
    { "move", cmd_move },     { "goto", cmd_goto }, { "find", cmd_find },
    { "undo", cmd_undo },     { "redo", cmd_redo }, { "show", cmd_show },
};

static void execute(Editor *ed, const char *script_line) {
    size_t len = strcspn(script_line, " ");
    const char *arg = script_line + len + (script_line[len] == ' ');
    for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
        if (strlen(commands[i].name) == len && strncmp(commands[i].name, script_line, len) == 0) {
            printf("> %s\n", script_line);
            if (!commands[i].run(ed, arg))
                printf("   nothing done\n");
            return;
        }
    }
    printf("? %s\n", script_line);
}

static const char *const script[] = {
    "line the quick brown fox", "line jumps over", "insert the lazy dog", "show draft",
    "goto 2", "find over", "insert high ", "goto 1", "delete 4", "show edited",
    "undo", "redo", "redo", "find dog", "insert old ", "show grown",
    "undo", "undo", "show undone", "move -100", "insert # ", "redo", "find cat",
    "move 100", "delete 1", "shout", "show final",
};

int main(void) {
    Editor ed;
    editor_init(&ed);
    for (size_t i = 0; i < ARRAY_LEN(script); i++)
        execute(&ed, script[i]);
    editor_free(&ed);
    return 0;
}
