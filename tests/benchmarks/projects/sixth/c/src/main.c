#include <stdio.h>

#include "command.h"

static const char *const script[] = {
    "# fill the store",
    "set user:ann Ann",
    "set user:bob Bob",
    "set user:cat Catherine",
    "set visits 41",
    "set motd welcome-to-the-store-please-mind-the-step",
    "keys user:",
    "# read through the cache",
    "get user:ann",
    "get user:bob",
    "set user:ann Anne",
    "get user:ann",
    "incr visits",
    "get visits",
    "get user:cat",
    "get motd",
    "# mistakes",
    "get nobody",
    "incr user:ann",
    "set lonely",
    "rename a b",
    "del user:bob",
    "del user:bob",
    "keys u",
    "stats",
    NULL,
};

int main(void) {
    struct store store;
    store_open(&store, stdout);
    for (const char *const *line = script; *line; line++) {
        printf("> %s\n", *line);
        enum status status = store_execute(&store, *line);
        if (status != ST_OK)
            printf("error: %s\n", status_text(status));
    }
    store_close(&store);
    return 0;
}
