/*
 * What shm_read.h asks of shared memory, word by word.
 *
 * The segment's addresses may not be touched: each atomic load is answered
 * from `words` here, and any other look at the memory ends the program.
 */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SIZE 16384
#define WORDS (SIZE / 8)
#define HEADER_WORDS 64
#define FINGERPRINT "0000000000000000000000000000000000000000000000000000000000000000"

static const char *memory;
static uint64_t words[WORDS];
static unsigned loads[WORDS];
static unsigned long fetches, pauses, fences;
/* Of the sequence: its word, and what it grows by within so many tries. */
static size_t sequence;
static uint64_t step;
static unsigned long steps;

#define CHECK(holds) check(holds, #holds, __LINE__)

static void check(int holds, const char *what, int line) {
    if (!holds) {
        printf("line %d: %s\n", line, what);
        exit(1);
    }
}

/** Which word of the segment an address is. */
static size_t inside(const void *address) {
    uintptr_t at = (uintptr_t)address - (uintptr_t)memory;
    CHECK(at % 8 == 0 && at < SIZE);
    return (size_t)(at / 8);
}

static uint64_t answered(const uint64_t *word) {
    size_t at = inside(word);
    loads[at]++;
    return words[at];
}

static void fetched(const void *address) {
    inside(address);
    fetches++;
}

/** The first fence of a try is behind the first look, the other before the second. */
static void fenced(void) {
    fences++;
    if (fences % 2 == 0 && steps != 0) {
        steps--;
        words[sequence] += step;
    }
}

#define __atomic_load_n(word, order) answered(word)
#define __atomic_thread_fence(order) fenced()
#define __builtin_prefetch(address) fetched(address)
#define __builtin_ia32_pause() ((void)pauses++)
#include "shm_read.h"

/* Elsewhere a pause is an instruction, which nothing here can count. */
#if defined(__x86_64__)
#define PAUSES_COUNT 1
#else
#define PAUSES_COUNT 0
#endif

static segment_header_SegmentHeader header;

static void put_header(void) {
    memcpy(words, &header, sizeof header);
}

/** A sound segment of records of so many bytes. */
static void sound(uint32_t copies, size_t record_size, uint64_t rows) {
    uint64_t copy = 8 * shm_width(record_size);
    memset(&header, 0, sizeof header);
    memcpy(header.magic, "\x89SHMSEG\n", 8);
    header.abi = 3;
    header.protocol = 1;
    header.copies = copies;
    header.record_size = record_size;
    header.rows = rows;
    header.records_offset = 512;
    header.copies_offset = 528;
    header.copy_distance = copy;
    header.stride = header.copy_stride = (16 + copies * copy + 63) / 64 * 64;
    put_header();
}

static int find(uint64_t row, size_t record_size, shm_slot *slot) {
    memset(loads, 0, sizeof loads);
    return shm_slot_at(memory, SIZE, row, record_size, FINGERPRINT, slot);
}

static void the_header_is_read_once_and_nothing_else(void) {
    shm_slot slot;
    sound(2, 40, 3);
    CHECK(find(2, 40, &slot) == 0);
    for (size_t i = 0; i < WORDS; i++) {
        CHECK(loads[i] == (i < HEADER_WORDS));
    }
    CHECK(inside(slot.sequence) == (512 + 2 * 128) / 8);
    CHECK(find(3, 40, &slot) == SHM_NO_ROW);
    CHECK(find(0, 48, &slot) == SHM_OTHER_RECORD);
    header.copies = 3;
    put_header();
    CHECK(find(0, 40, &slot) == SHM_NOT_A_SEGMENT);
    sound(2, 40, 3);
    CHECK(shm_slot_at(memory, 511, 0, 40, FINGERPRINT, &slot) == SHM_NOT_A_SEGMENT);
    CHECK(shm_slot_at(memory + 4, SIZE - 4, 0, 40, FINGERPRINT, &slot) == SHM_NOT_A_SEGMENT);
}

static uint64_t chance(void) {
    static uint64_t state = 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/** Mostly a plausible number, now and then a monstrous one. */
static uint64_t any_number(void) {
    static const uint64_t odd[] = {0, 1, 4, 8, SIZE - 8, SIZE, SIZE + 8, INT64_MAX, UINT64_MAX};
    uint64_t number = chance() % (SIZE / 4) & ~UINT64_C(7);
    switch (chance() % 8) {
    case 0:
        return odd[chance() % (sizeof odd / sizeof *odd)];
    case 1:
        /* Of which a multiple comes round to a small number. */
        return (UINT64_MAX / (1 + chance() % 16) + number) & ~UINT64_C(7);
    case 2:
        return chance();
    default:
        return number;
    }
}

/* Every load and fetch is held against the segment's end. */
static void no_header_leads_out_of_the_segment(void) {
    static char record[SIZE];
    static const uint32_t counts[] = {2, 4, 8, 2, 4, 8, 0, 1, 3, 9, UINT32_MAX};
    unsigned found = 0;
    for (int i = 0; i < 400000; i++) {
        size_t size = 1 + (size_t)(chance() % 600);
        uint64_t row = chance() % 4 != 0 ? chance() % 4 : any_number();
        shm_slot slot;
        sound(2, size, 1 + chance() % 4);
        header.copies = counts[chance() % (sizeof counts / sizeof *counts)];
        uint64_t *numbers[] = {&header.records_offset, &header.stride,
                               &header.copies_offset,  &header.copy_stride,
                               &header.copy_distance,  &header.rows};
        for (size_t n = 0; n < 6; n++) {
            if (chance() % 2 != 0) {
                *numbers[n] = any_number();
            }
        }
        put_header();
        if (find(row, size, &slot) == 0) {
            found++;
            words[inside(slot.sequence)] = chance() >> chance() % 2;
            shm_slot_read(&slot, record, size);
        }
    }
    CHECK(found > 10000);
}

/** Of the waits before so many tries after the first. */
static unsigned long waits(unsigned long retries) {
    unsigned long sum = 0;
    for (unsigned long i = 1; i <= retries; i++) {
        sum += i % 16;
    }
    return sum;
}

/* Reader and writer fall into step when a try is made again at once. */
static void a_further_try_waits_and_fetches_every_copy(uint32_t copies, size_t size,
                                                       unsigned long first,
                                                       unsigned long further) {
    static unsigned char record[SIZE];
    for (unsigned long retries = 0; retries < 40; retries++) {
        shm_slot slot;
        sound(copies, size, 1);
        CHECK(find(0, size, &slot) == 0);
        sequence = inside(slot.sequence);
        words[sequence] = 6;
        memset(words + sequence + 2, 0x5a, copies * slot.distance * 8);
        /* The least that laps a reader. */
        step = 2 * copies - 1;
        steps = retries;
        fetches = pauses = fences = 0;
        CHECK(shm_slot_read(&slot, record, size) == 0);
        CHECK(record[0] == 0x5a && record[size - 1] == 0x5a);
        CHECK(fences == 2 * (retries + 1));
        CHECK(fetches == copies * (first + retries * further));
        CHECK(!PAUSES_COUNT || pauses == waits(retries));
        /* The most that a writer may do meanwhile. */
        words[sequence] = 6;
        step = 2 * copies - 2;
        steps = 1;
        fences = 0;
        CHECK(shm_slot_read(&slot, record, size) == 0);
        CHECK(fences == 2);
    }
}

static void a_read_that_fails_leaves_zeros(void) {
    static const unsigned char zeros[20] = {0};
    unsigned char record[20];
    shm_slot slot;
    sound(4, sizeof record, 1);
    CHECK(find(0, sizeof record, &slot) == 0);
    sequence = inside(slot.sequence);
    memset(words + sequence + 2, 0x5a, 4 * slot.distance * 8);

    memset(record, 1, sizeof record);
    words[sequence] = UINT64_C(1) << 63 | 6;
    CHECK(shm_slot_read(&slot, record, sizeof record) == SHM_RETIRED);
    CHECK(memcmp(record, zeros, sizeof record) == 0);

    memset(record, 1, sizeof record);
    words[sequence] = 6;
    step = 8;
    steps = ~0UL;
    fences = pauses = 0;
    CHECK(shm_slot_read(&slot, record, sizeof record) == SHM_STALLED);
    CHECK(memcmp(record, zeros, sizeof record) == 0);
    CHECK(fences == 2 * SHM_MAX_TRIES);
    CHECK(!PAUSES_COUNT || pauses == waits(SHM_MAX_TRIES - 1));
    steps = 0;
}

int main(void) {
    void *map = mmap(NULL, SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(map != MAP_FAILED);
    memory = (const char *)map;
    the_header_is_read_once_and_nothing_else();
    no_header_leads_out_of_the_segment();
    a_further_try_waits_and_fetches_every_copy(8, 132, 3, 3);
    a_further_try_waits_and_fetches_every_copy(4, 256, 4, 4);
    a_further_try_waits_and_fetches_every_copy(4, 264, 1, 5);
    a_further_try_waits_and_fetches_every_copy(2, 4200, 1, 64);
    a_read_that_fails_leaves_zeros();
    return 0;
}
