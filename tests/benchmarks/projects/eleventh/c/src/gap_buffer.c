#include "gap_buffer.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

void gap_init(GapBuffer *buf, size_t capacity) {
    buf->data = xmalloc(capacity);
    buf->capacity = capacity;
    buf->gap_start = 0;
    buf->gap_end = capacity;
}

void gap_free(GapBuffer *buf) {
    free(buf->data);
}

static size_t gap_size(const GapBuffer *buf) {
    return buf->gap_end - buf->gap_start;
}

size_t gap_length(const GapBuffer *buf) {
    return buf->capacity - gap_size(buf);
}

char gap_at(const GapBuffer *buf, size_t pos) {
    return buf->data[pos < buf->gap_start ? pos : pos + gap_size(buf)];
}

static void move_gap(GapBuffer *buf, size_t pos) {
    size_t n;
    if (pos < buf->gap_start) {
        n = buf->gap_start - pos;
        memmove(buf->data + buf->gap_end - n, buf->data + pos, n);
        buf->gap_start -= n;
        buf->gap_end -= n;
    } else if (pos > buf->gap_start) {
        n = pos - buf->gap_start;
        memmove(buf->data + buf->gap_start, buf->data + buf->gap_end, n);
        buf->gap_start += n;
        buf->gap_end += n;
    }
}

static void grow(GapBuffer *buf, size_t needed) {
    size_t tail = buf->capacity - buf->gap_end;
    size_t capacity = MAX(buf->capacity * 2, gap_length(buf) + needed);
    char *data = xmalloc(capacity);
    memcpy(data, buf->data, buf->gap_start);
    memcpy(data + capacity - tail, buf->data + buf->gap_end, tail);
    free(buf->data);
    buf->data = data;
    buf->gap_end = capacity - tail;
    buf->capacity = capacity;
}

void gap_insert(GapBuffer *buf, size_t pos, const char *text, size_t len) {
    if (gap_size(buf) < len)
        grow(buf, len);
    move_gap(buf, pos);
    memcpy(buf->data + buf->gap_start, text, len);
    buf->gap_start += len;
}

void gap_delete(GapBuffer *buf, size_t pos, size_t len) {
    move_gap(buf, pos);
    buf->gap_end += len;
}

void gap_copy(const GapBuffer *buf, size_t pos, size_t len, char *out) {
    for (size_t i = 0; i < len; i++)
        out[i] = gap_at(buf, pos + i);
    out[len] = '\0';
}
