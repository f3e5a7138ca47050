#include "buffer.h"

#include <stdio.h>
#include <stdlib.h>

static void reserve(buffer *b, size_t length)
{
    size_t capacity = b->capacity ? b->capacity : BUFFER_MIN;
    while (capacity < b->length + length + 1) capacity *= 2;
    if (capacity != b->capacity) {
        char *data = realloc(b->data, capacity);
        if (!data) abort();
        b->data = data;
        b->capacity = capacity;
    }
}

void buffer_add(buffer *b, const char *format, ...)
{
    va_list args, copy;
    va_start(args, format);
    va_copy(copy, args);
    int length = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    reserve(b, (size_t)length);
    b->length += (size_t)vsnprintf(b->data + b->length, b->capacity - b->length, format, args);
    va_end(args);
}

void buffer_free(buffer *b)
{
    free(b->data);
    *b = (buffer)BUFFER_INIT;
}
