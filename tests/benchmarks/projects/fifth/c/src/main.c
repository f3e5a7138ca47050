#include <stdio.h>

#include "../include/doc.h"

enum { COL_NAME, COL_BEDS, COL_HEIGHT, COL_COUNT };

static const char intro[] =
    "The hut trail crosses the ridge in five stages. Every stage ends at a hut with a stove, "
    "a spring and a table long enough for everybody who walked there on the same day.";

static const char *const rules[] = {
    "Close the shutters before you leave, also when the sky is blue.",
    "Fill the wood basket.",
    "Write your name, the date and the next hut into the book on the table so that the wardens know "
    "where to look.",
};

static const char *const huts[][COL_COUNT] = {
    { "Larch", "12", "1840" },
    { "Bell", "8", "2105.5" },
    { "Upper Ford", "20", "1622" },
    { "Cairn", "6", "2410" },
};

static struct table *make_table(void)
{
    const struct column cols[COL_COUNT] = {
        [COL_NAME] = { .title = "Hut", .align = ALIGN_LEFT, .width = 12 },
        [COL_BEDS] = { .title = "Beds", .align = ALIGN_RIGHT, .width = 6, .total = total_sum },
        [COL_HEIGHT] = { "Height", ALIGN_CENTER, 10, total_mean },
    };
    struct table *table = table_new(cols, ARRAY_LEN(cols));
    for (size_t i = 0; i < ARRAY_LEN(huts); i++)
        if (!table_add_row(table, huts[i]))
            break;
    return table;
}

static void build(struct doc *doc)
{
    struct node *list;
    doc_init(doc, "Hut trail");
    doc_para(doc, intro);
    doc_heading(doc, 1, "Rules");
    list = doc_list(doc, true);
    for (size_t i = 0; i < ARRAY_LEN(rules); i++)
        doc_item(doc, list, rules[i]);
    doc_heading(doc, 1, "Huts");
    doc_table(doc, make_table());
    doc_heading(doc, 2, "Bring along");
    list = doc_list(doc, false);
    doc_item(doc, list, "a light sleeping bag");
    doc_item(doc, list, "coins for the box, as there is no other way to pay");
}

static bool outline(const struct node *node, int depth, void *data)
{
    int *number = data;
    printf("%2d %*s%s\n", ++*number, depth * 2, "", node_kind_name(node->kind));
    return node->kind != NODE_LIST;
}

int main(void)
{
    static const struct wrap_opts styles[] = {
        { .width = 48, .align = ALIGN_JUSTIFY },
        { .width = 36, .indent = 2, .align = ALIGN_CENTER },
        { .align = ALIGN_LEFT, .marker = "> " },
    };
    struct strbuf out = STRBUF_INIT;
    struct doc doc;
    struct doc_stats stats;
    int number = 0;
    build(&doc);
    doc_render(&doc, &styles[0], &out);
    fputs(strbuf_str(&out), stdout);

    for (size_t i = 1; i < ARRAY_LEN(styles); i++) {
        strbuf_reset(&out);
        wrap_text(intro, &styles[i], &out);
        printf("\nstyle %zu, %zu characters\n%s", i, out.len, strbuf_str(&out));
    }

    printf("\noutline of %s, size %zu\n", doc.name, doc.size);
    doc_walk(&doc, outline, &number);
    stats = doc_stats(&doc);
    for (int kind = 0; kind < NODE_KIND_COUNT; kind++)
        printf("%-8s %zu\n", node_kind_name(kind), stats.count[kind]);
    printf("words %zu, depth %d\n", stats.words, stats.depth);

    strbuf_free(&out);
    doc_free(&doc);
    return 0;
}
