#ifndef BUFFER_H
#define BUFFER_H

#include <stdarg.h>
#include <stddef.h>

typedef struct {
    char *data;
    size_t length, capacity;
} buffer;

#define BUFFER_INIT {.data = NULL, .length = 0, .capacity = 0}
#ifndef BUFFER_MIN
#define BUFFER_MIN 16
#endif

void buffer_add(buffer *b, const char *format, ...);
void buffer_free(buffer *b);

#endif
