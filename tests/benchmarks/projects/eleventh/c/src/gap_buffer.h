#pragma once

#include <stddef.h>

/* Text with a gap at the place of the last edit. */
typedef struct {
    char *data;
    size_t capacity;
    size_t gap_start;
    size_t gap_end;
} GapBuffer;

void gap_init(GapBuffer *buf, size_t capacity);
void gap_free(GapBuffer *buf);

size_t gap_length(const GapBuffer *buf);
char gap_at(const GapBuffer *buf, size_t pos);
void gap_insert(GapBuffer *buf, size_t pos, const char *text, size_t len);
void gap_delete(GapBuffer *buf, size_t pos, size_t len);

/* Copies len characters and a terminating zero into out. */
void gap_copy(const GapBuffer *buf, size_t pos, size_t len, char *out);
