#include "interp.h"

#include <stdlib.h>
#include <string.h>

#include "solve.h"

typedef mat_status (*unary_fn)(matrix *out, const matrix *m);
typedef mat_status (*binary_fn)(matrix *out, const matrix *a, const matrix *b);

static double add(double a, double b) { return a + b; }
static double sub(double a, double b) { return a - b; }

static mat_status matrix_add(matrix *out, const matrix *a, const matrix *b)
{
    return matrix_zip(out, a, b, add);
}

static mat_status matrix_sub(matrix *out, const matrix *a, const matrix *b)
{
    return matrix_zip(out, a, b, sub);
}

/* A command "name target operand [operand]"; exactly one function is set. */
static const struct command {
    const char *name;
    unary_fn unary;
    binary_fn binary;
} commands[] = {
    { "transpose", matrix_transpose, NULL },
    { "inverse", linear_inverse, NULL },
    { "add", NULL, matrix_add },
    { "sub", NULL, matrix_sub },
    { "mul", NULL, matrix_multiply },
    { "solve", NULL, linear_solve },
};

static variable *lookup(interp *in, const char *name)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(in->vars[i].name, name) == 0)
            return &in->vars[i];
    return NULL;
}

/* Stores a matrix under a name; the interpreter owns it from then on. */
static mat_status store(interp *in, const char *name, matrix value)
{
    variable *var = lookup(in, name);
    if (!var && in->count == MAX_VARS) {
        matrix_free(&value);
        return MAT_ENOMEM;
    }
    if (var)
        matrix_free(&var->value);
    else
        var = &in->vars[in->count++];
    snprintf(var->name, sizeof var->name, "%s", name);
    var->value = value;
    return MAT_OK;
}

/* Reads elements like "1 2; 3 4", row by row. */
static mat_status run_let(interp *in, const char *name, const char *text)
{
    double values[MAX_ELEMENTS];
    size_t n = 0, rows = 1;
    matrix m;

    while (*text && n < MAX_ELEMENTS) {
        char *end;
        values[n++] = strtod(text, &end);
        if (end == text)
            return MAT_ESYNTAX;
        text = end + strspn(end, " ");
        if (*text == ';') {
            rows++;
            text++;
        }
    }
    if (n % rows != 0)
        return MAT_ESYNTAX;
    TRY(matrix_init(&m, rows, n / rows));
    memcpy(m.data, values, n * sizeof *values);
    return store(in, name, m);
}

static mat_status run_print(interp *in, const char *name)
{
    const variable *var = lookup(in, name);
    if (!var)
        return MAT_EUNKNOWN;
    matrix_print(&var->value, in->out);
    return MAT_OK;
}

void interp_close(interp *in)
{
    while (in->count > 0)
        matrix_free(&in->vars[--in->count].value);
}

mat_status interp_run(interp *in, const char *line)
{
    char verb[16], target[NAME_LEN], left[NAME_LEN], right[NAME_LEN];
    int rest = 0;
    int words = sscanf(line, "%15s %7s %n%7s %7s", verb, target, &rest, left, right);

    if (words >= 3 && strcmp(verb, "let") == 0)
        return run_let(in, target, line + rest);
    if (words == 2 && strcmp(verb, "print") == 0)
        return run_print(in, target);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const struct command *cmd = &commands[i];
        if (strcmp(cmd->name, verb) != 0 || words != (cmd->unary ? 3 : 4))
            continue;
        const variable *a = lookup(in, left);
        const variable *b = cmd->binary ? lookup(in, right) : a;
        matrix result;
        if (!a || !b)
            return MAT_EUNKNOWN;
        TRY(cmd->unary ? cmd->unary(&result, &a->value)
                       : cmd->binary(&result, &a->value, &b->value));
        return store(in, target, result);
    }
    return MAT_ESYNTAX;
}
