/*
 * Whole records of a segment, read where another process writes them.
 *
 * What is done here is what docs/protocol.md of the project says under "Read":
 * a reader copies the published record between two looks at the sequence word
 * and keeps it if the writer cannot have come round to it. It never writes, and
 * waits for nobody. For gcc and clang, whose atomics and fences it uses.
 */
#ifndef SHM_READ_H
#define SHM_READ_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "segment_header.h"

/** The segment was unlinked or replaced: close it and attach again. */
#define SHM_RETIRED (-1)
/** Every one of SHM_MAX_TRIES tries met a writer. */
#define SHM_STALLED (-2)
/** The memory is not a segment, or one of another version of the runtime. */
#define SHM_NOT_A_SEGMENT (-3)
/** The segment's records are laid out otherwise. */
#define SHM_OTHER_RECORD (-4)
/** The segment has not so many rows. */
#define SHM_NO_ROW (-5)

#define SHM_MAX_TRIES 100000

/** Where one record of a segment is; good while the memory is mapped. */
typedef struct shm_slot {
    /** The word that says which copy is published. */
    const uint64_t *sequence;
    const uint64_t *first_copy;
    /** Words from one copy to the next. */
    uint64_t distance;
    /** Copies, less one: a number of ones in binary. */
    uint64_t mask;
} shm_slot;

/** Words of a copy. */
static inline size_t shm_width(size_t record_size) {
    return (record_size + 7) / 8;
}

/**
 * Whether the bytes of so many rows lie within `size`: each takes `span` of
 * them, words all, and begins `stride` bytes after the one before.
 */
static inline int shm_within(uint64_t size, uint64_t first, uint64_t stride,
                             uint64_t span, uint64_t rows) {
    return first % 8 == 0 && stride % 8 == 0 && stride != 0 && rows != 0 &&
           span <= size && first <= size - span &&
           rows - 1 <= (size - span - first) / stride;
}

/**
 * Copies word by word what another process may write, as nothing larger is
 * atomic in C: each word is read once, whatever the compiler does.
 */
static inline void shm_copy(const uint64_t *from, void *to, size_t size) {
    char *out = (char *)to;
    size_t whole = size / 8;
    for (size_t i = 0; i < whole; i++) {
        uint64_t word = __atomic_load_n(from + i, __ATOMIC_RELAXED);
        memcpy(out + 8 * i, &word, 8);
    }
    if (size % 8 != 0) {
        uint64_t word = __atomic_load_n(from + whole, __ATOMIC_RELAXED);
        memcpy(out + 8 * whole, &word, size % 8);
    }
}

static inline int shm_digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/** Whether 64 hexadecimal digits are those 32 bytes. */
static inline int shm_same(const uint8_t *bytes, const char *digits) {
    for (int i = 0; i < 32; i++) {
        if (bytes[i] != 16 * shm_digit(digits[2 * i]) + shm_digit(digits[2 * i + 1])) {
            return 0;
        }
    }
    return 1;
}

/**
 * Finds a row's record in a segment's memory. Returns 0, or why not.
 *
 * The memory is what the runtime mapped after it had checked the file. This
 * looks once more at all that it relies on, and reads the header only once: a
 * program that changes it meanwhile moves nothing out of the memory.
 */
static inline int shm_slot_at(const void *memory, size_t size, uint64_t row,
                              size_t record_size, const char *fingerprint,
                              shm_slot *slot) {
    static const char magic[8] = {'\x89', 'S', 'H', 'M', 'S', 'E', 'G', '\n'};
    const uint64_t *words = (const uint64_t *)memory;
    segment_header_SegmentHeader header;
    if (size < sizeof header || (uintptr_t)memory % 8 != 0) {
        return SHM_NOT_A_SEGMENT;
    }
    shm_copy(words, &header, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.abi != 3 ||
        header.protocol != 1) {
        return SHM_NOT_A_SEGMENT;
    }
    if (header.record_size != record_size ||
        !shm_same(header.record_fingerprint, fingerprint)) {
        return SHM_OTHER_RECORD;
    }
    uint64_t copies = header.copies;
    size_t copy = 8 * shm_width(record_size);
    if ((copies != 2 && copies != 4 && copies != 8) || header.copy_distance % 8 != 0 ||
        header.copy_distance < copy || header.copy_distance > size / copies) {
        return SHM_NOT_A_SEGMENT;
    }
    /* In any order of records: all heads, and all copies of all records. */
    uint64_t span = (copies - 1) * header.copy_distance + copy;
    if (!shm_within(size, header.records_offset, header.stride, 16, header.rows) ||
        !shm_within(size, header.copies_offset, header.copy_stride, span, header.rows)) {
        return SHM_NOT_A_SEGMENT;
    }
    if (row >= header.rows) {
        return SHM_NO_ROW;
    }
    /* Multiples of 8, all of them. */
    uint64_t head_at = header.records_offset + row * header.stride;
    uint64_t copy_at = header.copies_offset + row * header.copy_stride;
    slot->sequence = words + head_at / 8;
    slot->first_copy = words + copy_at / 8;
    slot->distance = header.copy_distance / 8;
    slot->mask = copies - 1;
    return 0;
}

/**
 * Begins to fetch so many lines of every copy, while the sequence that tells
 * which is published is on its way itself.
 */
static inline void shm_fetch(const shm_slot *slot, size_t lines) {
    for (uint64_t copy = 0; copy <= slot->mask; copy++) {
        const uint64_t *words = slot->first_copy + copy * slot->distance;
        for (size_t line = 0; line < lines; line++) {
            __builtin_prefetch(words + 8 * line);
        }
    }
}

/** Tells the processor that this thread waits for another one. */
static inline void shm_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/**
 * Copies the published record out, whole. Returns 0, SHM_RETIRED or
 * SHM_STALLED; after one of these every byte of the record is 0.
 */
static inline int shm_slot_read(const shm_slot *slot, void *record, size_t size) {
    int unread = SHM_STALLED;
    size_t lines = (size + 63) / 64;
    /* Of a long record the processor fetches the rest by itself, and of one
       copy only. */
    shm_fetch(slot, lines <= 4 ? lines : 1);
    for (int tries = 0; tries < SHM_MAX_TRIES; tries++) {
        if (tries != 0) {
            /* A reader that goes again at once meets the writer where it met
               it before: each waits for the line that the other has just
               taken, for thousands of tries. One that waits a little longer
               each time, and then has all lines on their way, comes through. */
            for (int pauses = tries % 16; pauses > 0; pauses--) {
                shm_pause();
            }
            shm_fetch(slot, lines <= 64 ? lines : 64);
        }
        uint64_t opened = __atomic_load_n(slot->sequence, __ATOMIC_RELAXED);
        /* Pairs with the stores of the sequence: what it tells of is there. */
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (opened >> 63) {
            unread = SHM_RETIRED;
            break;
        }
        uint64_t copy = opened >> 1 & slot->mask;
        shm_copy(slot->first_copy + copy * slot->distance, record, size);
        /* Pairs with the writer's fence: a word of a later record is followed
           by a sequence that tells of it. */
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        uint64_t closed = __atomic_load_n(slot->sequence, __ATOMIC_RELAXED);
        if (closed - (opened & ~UINT64_C(1)) <= 2 * slot->mask) {
            return 0;
        }
    }
    memset(record, 0, size);
    return unread;
}

#endif /* SHM_READ_H */
