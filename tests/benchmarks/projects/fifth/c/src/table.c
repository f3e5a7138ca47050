#include "../include/table.h"

#include <stdlib.h>
#include <string.h>

#define CELL_SEP " | "

double total_sum(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

double total_mean(const double *values, size_t count)
{
    return count ? total_sum(values, count) / (double)count : 0;
}

struct table *table_new(const struct column *cols, size_t count)
{
    struct table *table = xrealloc(NULL, sizeof(*table));
    memset(table, 0, sizeof(*table));
    table->col_count = count < TABLE_MAX_COLS ? count : TABLE_MAX_COLS;
    for (size_t i = 0; i < table->col_count; i++) {
        table->cols[i] = cols[i];
        table->cols[i].width = MAX(cols[i].width, (int)strlen(cols[i].title));
    }
    return table;
}

bool table_add_row(struct table *table, const char *const *cells)
{
    if (table->row_count == TABLE_MAX_ROWS)
        return false;
    for (size_t i = 0; i < table->col_count; i++)
        table->cols[i].width = MAX(table->cols[i].width, (int)strlen(cells[i]));
    table->rows[table->row_count++] = cells;
    return true;
}

static void print_cells(const struct table *table, const char *const *cells, struct strbuf *out)
{
    for (size_t i = 0; i < table->col_count; i++) {
        const struct column *col = &table->cols[i];
        if (i > 0)
            strbuf_puts(out, CELL_SEP);
        align_text(out, cells[i], strlen(cells[i]), col->width, col->align);
    }
    strbuf_puts(out, "\n");
}

static void print_rule(const struct table *table, struct strbuf *out)
{
    for (size_t i = 0; i < table->col_count; i++) {
        if (i > 0)
            strbuf_puts(out, "-+-");
        strbuf_fill(out, '-', table->cols[i].width);
    }
    strbuf_puts(out, "\n");
}

static void print_totals(const struct table *table, struct strbuf *out)
{
    char text[TABLE_MAX_COLS][24] = { "" };
    const char *cells[TABLE_MAX_COLS];
    double values[TABLE_MAX_ROWS];
    for (size_t i = 0; i < table->col_count; i++) {
        cells[i] = text[i];
        if (!table->cols[i].total)
            continue;
        for (size_t r = 0; r < table->row_count; r++)
            values[r] = strtod(table->rows[r][i], NULL);
        snprintf(text[i], sizeof(text[i]), "%.1f", table->cols[i].total(values, table->row_count));
    }
    print_cells(table, cells, out);
}

void table_print(const struct table *table, struct strbuf *out)
{
    const char *titles[TABLE_MAX_COLS];
    bool totals = false;

    for (size_t i = 0; i < table->col_count; i++) {
        titles[i] = table->cols[i].title;
        totals |= table->cols[i].total != NULL;
    }
    print_cells(table, titles, out);
    print_rule(table, out);
    for (size_t r = 0; r < table->row_count; r++)
        print_cells(table, table->rows[r], out);
    if (totals) {
        print_rule(table, out);
        print_totals(table, out);
    }
}
