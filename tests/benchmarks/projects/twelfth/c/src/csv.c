#include "table.h"

#include <stdlib.h>
#include <string.h>

/* Copies one field to *out and moves both pointers; returns the character after it. */
static char read_field(const char **in, char **out) {
    int quoted = **in == '"';
    if (quoted)
        ++*in;
    for (;; ++*in) {
        char c = **in;
        if (quoted && c == '"' && *++*in != '"') {
            quoted = 0;
            c = **in;
        }
        if (c == '\0' || (!quoted && (c == ',' || c == '\n'))) {
            *(*out)++ = '\0';
            if (c != '\0')
                ++*in;
            return c;
        }
        *(*out)++ = c;
    }
}

static size_t read_record(const char **in, char *buffer, char **fields) {
    size_t n = 0;
    char after;
    do {
        char *field = buffer;
        after = read_field(in, &buffer);
        if (n < MAX_COLUMNS)
            fields[n] = field;
        n++;
    } while (after == ',');
    return n;
}

static void add_header(struct table *t, char *name) {
    char *mark = strchr(name, '#');
    if (mark != NULL)
        *mark = '\0';
    table_add_column(t, name, mark != NULL ? COL_NUMBER : COL_TEXT);
}

int table_read_csv(struct table *t, const char *text) {
    char *fields[MAX_COLUMNS];
    char *buffer = malloc(strlen(text) + 1);
    int bad = 0;

    *t = (struct table){0};
    for (int line = 1; *text != '\0' && !bad; line++) {
        size_t n = read_record(&text, buffer, fields);
        if (n > MAX_COLUMNS || (line > 1 && n != t->ncolumns))
            bad = line;
        else if (line > 1)
            table_append(t, fields);
        else
            for (size_t i = 0; i < n; i++)
                add_header(t, fields[i]);
    }
    free(buffer);
    return bad;
}
