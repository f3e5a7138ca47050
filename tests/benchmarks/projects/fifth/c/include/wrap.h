#ifndef WRAP_H
#define WRAP_H

#include <stdbool.h>
#include <stdio.h>

#include "strbuf.h"

#define DEFAULT_WIDTH 60

typedef enum { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER, ALIGN_JUSTIFY } align_t;

struct wrap_opts {
    int width;
    int indent;
    align_t align;
    const char *marker; /* put before the first line, the others hang */
};

void wrap_text(const char *text, const struct wrap_opts *opts, struct strbuf *out);
void align_text(struct strbuf *out, const char *text, size_t len, int width, align_t align);
size_t count_words(const char *text);

#endif /* WRAP_H */
