#include "../include/wrap.h"

#include <ctype.h>
#include <string.h>

#define MAX_WORDS 64

struct word {
    const char *start;
    size_t len;
};

struct line {
    struct word words[MAX_WORDS];
    int count;
    int width; /* of the words alone, without gaps */
};

static bool next_word(const char **pos, struct word *word)
{
    const char *p = *pos;
    while (isspace((unsigned char)*p))
        p++;
    word->start = p;
    while (*p && !isspace((unsigned char)*p))
        p++;
    word->len = (size_t)(p - word->start);
    *pos = p;
    return word->len > 0;
}

size_t count_words(const char *text)
{
    struct word word;
    size_t count = 0;
    while (next_word(&text, &word))
        count++;
    return count;
}

void align_text(struct strbuf *out, const char *text, size_t len, int width, align_t align)
{
    int pad = MAX(width - (int)len, 0);
    int left = align == ALIGN_RIGHT ? pad : align == ALIGN_CENTER ? pad / 2 : 0;
    strbuf_fill(out, ' ', left);
    strbuf_add(out, text, len);
    strbuf_fill(out, ' ', pad - left);
}

static void line_add(struct line *line, const struct word *word)
{
    line->words[line->count++] = *word;
    line->width += (int)word->len;
}

static bool line_fits(const struct line *line, const struct word *word, int width)
{
    if (line->count == 0)
        return true;
    return line->count < MAX_WORDS && line->width + line->count + (int)word->len <= width;
}

static void line_flush(struct line *line, int width, align_t align, struct strbuf *out)
{
    struct strbuf tmp = STRBUF_INIT;
    int gaps = line->count - 1;
    int space = align == ALIGN_JUSTIFY ? width - line->width : gaps;
    for (int i = 0; i < line->count; i++) {
        const struct word *word = &line->words[i];
        strbuf_add(&tmp, word->start, word->len);
        if (i < gaps)
            strbuf_fill(&tmp, ' ', space * (i + 1) / gaps - space * i / gaps);
    }
    align_text(out, strbuf_str(&tmp), tmp.len, align == ALIGN_LEFT ? 0 : width, align);
    strbuf_puts(out, "\n");
    strbuf_free(&tmp);
    line->count = line->width = 0;
}

void wrap_text(const char *text, const struct wrap_opts *opts, struct strbuf *out)
{
    struct line line = { .count = 0 };
    struct word word;
    int hang = opts->marker ? (int)strlen(opts->marker) : 0;
    int width = (opts->width > 0 ? opts->width : DEFAULT_WIDTH) - opts->indent - hang;
    strbuf_fill(out, ' ', opts->indent);
    if (opts->marker)
        strbuf_puts(out, opts->marker);
    while (next_word(&text, &word)) {
        if (!line_fits(&line, &word, width)) {
            line_flush(&line, width, opts->align, out);
            strbuf_fill(out, ' ', opts->indent + hang);
        }
        line_add(&line, &word);
    }
    /* the last line is never stretched */
    line_flush(&line, width, opts->align == ALIGN_JUSTIFY ? ALIGN_LEFT : opts->align, out);
}
