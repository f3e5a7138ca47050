#include "arena.h"

#include <stdio.h>
#include <stdlib.h>

#define BLOCK_SIZE 1024
#define ALIGN_UP(size) (((size) + 15) / 16 * 16)

typedef struct ArenaBlock {
    struct ArenaBlock *next;
    size_t used;
    size_t capacity;
    _Alignas(16) char data[];
} ArenaBlock;

static ArenaBlock *new_block(Arena *arena, size_t capacity) {
    ArenaBlock *block = calloc(1, sizeof *block + capacity);
    if (block == NULL) {
        perror("arena");
        exit(EXIT_FAILURE);
    }
    block->capacity = capacity;
    block->next = arena->head;
    arena->blocks++;
    return arena->head = block;
}

void *arena_alloc(Arena *arena, size_t size) {
    ArenaBlock *block = arena->head;
    size = ALIGN_UP(size);
    if (block == NULL || block->capacity - block->used < size)
        block = new_block(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    block->used += size;
    return block->data + block->used - size;
}

void arena_free(Arena *arena) {
    while (arena->head != NULL) {
        ArenaBlock *next = arena->head->next;
        free(arena->head);
        arena->head = next;
        arena->blocks--;
    }
}
