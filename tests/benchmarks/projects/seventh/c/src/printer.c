#include "json.h"

static void print_string(FILE *out, const char *text) {
    fputc('"', out);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\' || *text == '\n')
            fputc('\\', out);
        fputc(*text == '\n' ? 'n' : *text, out);
    }
    fputc('"', out);
}

static void print_children(FILE *out, const JsonValue *parent, const char *brackets, int indent) {
    fputc(brackets[0], out);
    JSON_FOR_EACH(child, parent) {
        fprintf(out, "\n%*s", indent + 2, "");
        if (child->key != NULL) {
            print_string(out, child->key);
            fputs(": ", out);
        }
        json_print(out, child, indent + 2);
        if (child->next != NULL)
            fputc(',', out);
        else
            fprintf(out, "\n%*s", indent, "");
    }
    fputc(brackets[1], out);
}

void json_print(FILE *out, const JsonValue *value, int indent) {
    switch (value->type) {
    case JSON_NULL:
        fputs("null", out);
        break;
    case JSON_BOOL:
        fputs(value->as.boolean ? "true" : "false", out);
        break;
    case JSON_NUMBER:
        fprintf(out, "%g", value->as.number);
        break;
    case JSON_STRING:
        print_string(out, value->as.string);
        break;
    default:
        print_children(out, value, value->type == JSON_ARRAY ? "[]" : "{}", indent);
    }
}
