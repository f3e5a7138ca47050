#ifndef STRBUF_H
#define STRBUF_H

#include <stddef.h>

#define STRBUF_MIN_CAP 32
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

/* A growing, always terminated string. */
struct strbuf {
    char *data;
    size_t len;
    size_t cap;
};

#define STRBUF_INIT { NULL, 0, 0 }

void strbuf_add(struct strbuf *sb, const char *text, size_t len);
void strbuf_puts(struct strbuf *sb, const char *text);
void strbuf_fill(struct strbuf *sb, char c, int count);
void strbuf_printf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_reset(struct strbuf *sb);
void strbuf_free(struct strbuf *sb);
void *xrealloc(void *ptr, size_t size);

static inline const char *strbuf_str(const struct strbuf *sb)
{
    return sb->data ? sb->data : "";
}

#endif /* STRBUF_H */
