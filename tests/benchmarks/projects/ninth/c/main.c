#include <stdio.h>

#include "src/interp.h"

/* A session: a system of three equations, its inverse, and some mistakes. */
static const char *const script[] = {
    "let A 2 1 -1; -3 -1 2; -2 1 2",
    "let b 8; -11; -3",
    "solve x A b",
    "print x",
    "mul r A x",
    "sub r r b",
    "print r",
    "inverse I A",
    "print I",
    "transpose T A",
    "add S A T",
    "print S",
    "let W 1 2; 2 4",
    "inverse V W",
    "mul P A W",
    "print missing",
    "let Q 1 2; 3",
    "let Q 1 two",
};

int main(void)
{
    interp session = { .out = stdout };

    for (size_t i = 0; i < sizeof script / sizeof *script; i++) {
        printf("> %s\n", script[i]);
        mat_status status = interp_run(&session, script[i]);
        if (status != MAT_OK)
            printf("  error: %s\n", mat_strerror(status));
    }
    interp_close(&session);
    return 0;
}
