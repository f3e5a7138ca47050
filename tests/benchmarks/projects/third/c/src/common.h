#ifndef LEDGER_COMMON_H
#define LEDGER_COMMON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NAME_MAX_LEN 24
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define CONCAT_(a, b) a##b
#define CONCAT(a, b) CONCAT_(a, b)

/* Every status: name, text. Used as an X-macro. */
#define STATUS_LIST(X) \
    X(OK, "ok") \
    X(FULL, "table full") \
    X(MISSING, "no such account") \
    X(FUNDS, "not enough funds") \
    X(UNBALANCED, "entry does not balance")

typedef enum status {
#define X(name, text) STATUS_##name,
    STATUS_LIST(X)
#undef X
    STATUS_COUNT
} status_t;

#define TRY(expr) \
    do { \
        status_t status_ = (expr); \
        if (status_ != STATUS_OK) \
            return status_; \
    } while (0)

typedef int64_t cents;

const char *status_text(status_t status);
const char *status_name(status_t status);
extern const char *const program_name;
extern int verbosity;
#endif
