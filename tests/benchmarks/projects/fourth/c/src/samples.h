#ifndef SVM_SAMPLES_H
#define SVM_SAMPLES_H

#include <stddef.h>

struct sample {
    const char *name;
    const char *source;
};

extern const struct sample samples[];
extern const size_t sample_count;

#endif
