#pragma once
#include "common.h"

struct buffer {
    char data[96];
    size_t len;
};

void buffer_add(struct buffer *buffer, const char *format, ...);
const char *format_cents(cents value);
