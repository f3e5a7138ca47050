#include "format.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define SLOTS 4

static const struct {
    const char *name, *text;
} texts[STATUS_COUNT] = {
#define X(name, text) [STATUS_##name] = { #name, text },
    STATUS_LIST(X)
#undef X
};

const char *status_text(status_t status)
{
    return texts[status].text;
}

const char *status_name(status_t status)
{
    return status < STATUS_COUNT ? texts[status].name : "?";
}

void buffer_add(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    size_t room = sizeof buffer->data - buffer->len;
    va_start(args, format);
    int len = vsnprintf(buffer->data + buffer->len, room, format, args);
    va_end(args);
    if (len > 0)
        buffer->len += MIN((size_t)len, room - 1);
}

/* The text stays valid for SLOTS calls of format_cents. */
const char *format_cents(cents value)
{
    static char slots[SLOTS][24];
    static unsigned count;
    char *slot = slots[count++ % SLOTS];
    snprintf(slot, sizeof slots[0], "%s%lld.%02lld", value < 0 ? "-" : "",
             llabs((long long)value) / 100, llabs((long long)value) % 100);
    return slot;
}
