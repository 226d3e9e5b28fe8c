# cython: language_level=3, boundscheck=False
"""Quotes of a running feed, read without the interpreter."""

from libc.stdint cimport uint64_t

from market cimport Quote, read_Quote, slot_Quote
from shm_read cimport shm_slot


def turnover(table):
    """What was traded in all rows of the table, each read whole."""
    # Held to the end: the slots are good while the memory is mapped.
    cdef const unsigned char[::1] memory = table.memory
    cdef Quote quote
    cdef shm_slot slot
    cdef double total = 0
    for row in range(len(table)):
        slot = slot_Quote(memory, row)
        if read_Quote(&slot, &quote) != 0:
            raise RuntimeError(f"row {row} was retired, or its writer never pauses")
        total += quote.turnover
    return total


def ticks(cell, uint64_t count):
    """Reads the record so often, other threads running; returns the sum of its ticks."""
    cdef const unsigned char[::1] memory = cell.memory
    cdef shm_slot slot = slot_Quote(memory, 0)
    cdef Quote quote
    cdef uint64_t i, total = 0
    cdef int failed = 0
    with nogil:
        for i in range(count):
            failed |= read_Quote(&slot, &quote)
            total += quote.tick
    if failed:
        raise RuntimeError("the record was retired, or its writer never pauses")
    return total
