#include <stdio.h>

#include "query.h"

static const char harvest[] =
    "farm,crop,year#,tons#\n"
    "Hill,barley,2019,12.5\n"
    "Hill,oats,2019,8\n"
    "Mill,barley,2019,20\n"
    "\"Old \"\"Oak\"\"\",\"oats, wild\",2020,3.25\n"
    "Mill,barley,2020,17.5\n"
    "Hill,barley,2020,14\n";

static const char *const queries[] = {
    "select farm , crop , tons where tons > 10 order tons desc",
    "select crop , sum:tons , avg:tons , count:farm group crop",
    "select farm , crop , max:tons where year = 2020 group farm order tons desc",
    "select year , tons where crop < oats order year",
    "select farm , price",
    "select median:tons",
    "select farm where tons ~ 3",
    "update farm",
};

int main(void) {
    struct table table, broken;
    int bad = table_read_csv(&broken, "a,b#\nx,1\ny\n");
    printf("broken file: line %d\n", bad);
    table_free(&broken);

    table_read_csv(&table, harvest);
    printf("harvest: %zu rows, %zu columns\n", table.nrows, table.ncolumns);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        struct query query;
        printf("\n> %s\n", queries[i]);
        if (query_parse(&query, &table, queries[i]) < 0)
            printf("error: %s\n", query.error);
        else
            printf("(%zu lines)\n", query_run(&query, &table, stdout));
    }
    table_free(&table);
    return 0;
}
