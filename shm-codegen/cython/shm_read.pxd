# What the declarations of every schema use: the place of a record in a
# segment's memory, and the reading of it. All of it is inline; nothing is
# imported at run time.
from libc.stddef cimport size_t
from libc.stdint cimport uint64_t


cdef extern from "shm_read.h":
    ctypedef struct shm_slot:
        pass

    const int SHM_RETIRED
    const int SHM_STALLED
    const int SHM_NOT_A_SEGMENT
    const int SHM_OTHER_RECORD
    const int SHM_NO_ROW

    int shm_slot_at(
        const void *memory, size_t size, uint64_t row,
        size_t record_size, const char *fingerprint, shm_slot *slot,
    ) noexcept nogil
    int shm_slot_read(const shm_slot *slot, void *record, size_t size) noexcept nogil


cdef inline shm_slot shm_slot_of(
    const unsigned char[::1] memory, uint64_t row,
    size_t record_size, const char *fingerprint, str record,
) except *:
    """Where a row's record is, or an error that says why it is not there."""
    cdef shm_slot slot
    cdef int found = SHM_NOT_A_SEGMENT
    if memory.shape[0]:
        found = shm_slot_at(&memory[0], memory.shape[0], row, record_size, fingerprint, &slot)
    if found == SHM_OTHER_RECORD:
        raise TypeError(
            f"the segment holds no `{record}` as this extension was compiled for; "
            "hint: compile it with the declarations of the writer's schema"
        )
    if found == SHM_NO_ROW:
        raise IndexError(f"the segment has no row {row}")
    if found != 0:
        raise ValueError(
            "the memory is no segment that this extension can read; "
            "hint: give it the `memory` of an open cell or table"
        )
    return slot
