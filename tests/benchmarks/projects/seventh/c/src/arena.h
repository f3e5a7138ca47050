#pragma once

#include <stddef.h>

/* Memory that is handed out piece by piece and freed all at once. */
typedef struct {
    struct ArenaBlock *head;
    int blocks;
} Arena;

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* Returns zeroed memory. */
void *arena_alloc(Arena *arena, size_t size);
void arena_free(Arena *arena);
