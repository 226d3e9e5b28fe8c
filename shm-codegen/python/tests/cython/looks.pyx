# cython: language_level=3
"""What the tests of generated declarations look through."""

from libc.stdint cimport uint64_t

cimport every_type
cimport keywords
cimport wide
from shm_read cimport SHM_RETIRED, shm_slot

cdef extern from *:
    """
    /* A read without its second look, which takes what is half written. */
    static void look_once(const shm_slot *slot, void *record, size_t size) {
        uint64_t opened = __atomic_load_n(slot->sequence, __ATOMIC_RELAXED);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        uint64_t copy = opened >> 1 & slot->mask;
        shm_copy(slot->first_copy + copy * slot->distance, record, size);
    }
    """
    void look_once(const shm_slot *slot, void *record, size_t size) noexcept nogil


# `fields_of`, which has a line for each field of a schema.
include "fields.pxi"

RETIRED = SHM_RETIRED
SIZE = every_type.EVERY_TYPE_SIZE
FINGERPRINT = every_type.EVERY_TYPE_FINGERPRINT
CONSTANTS = (every_type.ROWS, every_type.THIRD, every_type.LOWEST, every_type.HIGHEST)
VALUES = (every_type.ENUM_I8_LOW, every_type.ENUM_U64_TOP, every_type.FLAGS64_LAST)
SEGMENT = (every_type.MANY_NAME, every_type.MANY_ROWS)


def every(handle, row=0):
    """The record's bytes, and its fields as Cython sees them."""
    cdef const unsigned char[::1] memory = handle.memory
    cdef shm_slot slot = every_type.slot_EveryType(memory, row)
    cdef every_type.EveryType record
    cdef int unread = every_type.read_EveryType(&slot, &record)
    return unread, (<char *>&record)[:sizeof(record)], fields_of(&record)


def held(handle):
    """Keeps the memory and gives what reads row 0 again and again."""
    cdef const unsigned char[::1] memory = handle.memory
    cdef shm_slot slot = wide.slot_Wide(memory, 0)
    cdef wide.Wide record
    while True:
        unread = wide.read_Wide(&slot, &record)
        yield unread, record.words[0]


def torn(handle, uint64_t reads, bint second_look):
    """Of so many reads: how many failed, how many were torn, how many were news."""
    cdef const unsigned char[::1] memory = handle.memory
    cdef shm_slot slot = wide.slot_Wide(memory, 0)
    cdef wide.Wide record
    cdef uint64_t i, last = 0, failed = 0, torn = 0, news = 0
    cdef int word
    with nogil:
        for i in range(reads):
            if not second_look:
                look_once(&slot, &record, sizeof(record))
            elif wide.read_Wide(&slot, &record) != 0:
                failed += 1
                continue
            news += record.words[0] != last
            last = record.words[0]
            for word in range(512):
                if record.words[word] != last:
                    torn += 1
                    break
    return failed, torn, news


def words(handle):
    """The fields of a record that are called by keywords."""
    cdef const unsigned char[::1] memory = handle.memory
    cdef shm_slot slot = keywords.slot_Words(memory, 0)
    cdef keywords.Words record
    return keywords.read_Words(&slot, &record), record
