"""Making segments, taking them over, attaching to them, ending them."""

from __future__ import annotations

import ctypes
import operator
import os
import time

from . import _latch
from ._check import (
    ABI,
    CLOCK_ID,
    MAGIC,
    PROTOCOL,
    Geometry,
    check_layout,
    check_same,
    check_shape,
    read_header,
)
from ._errors import AlreadyExists, Error, NotFound, Retired, Stalled, WriterBusy, from_os, told
from ._lock import Lock
from ._place import Name, Place, close
from ._segment import Segment, start_ticks
from ._spec import Spec
from .segment_header import SegmentHeader

#: How often a race for a name is run again before it is given up.
_ROUNDS = 1000
_POLL_FIRST_S = 0.001
_POLL_LAST_S = 0.02
#: The largest mode: reading, writing and executing by everybody.
_ALL_MODES = 0o777


def create(spec: Spec, name: Name, mode: int, exist_ok: bool, replace: bool) -> Segment:
    """Becomes the writer: of a new segment, or of one that is there."""
    place = Place(name)
    mode = _possible(mode)
    for _ in range(_ROUNDS):
        with told("create", place.path):
            found = _open(place, write=True)
            if found is None:
                made = _name(_make(spec, place, mode, generation=0))
            else:
                made = _succeed(spec, place, mode, exist_ok, replace, *found)
        if made is not None:
            return made
    raise Stalled(f"segment `{place.name}` is made and removed all the time by others", _ROUNDS)


def attach(spec: Spec, name: Name, wait: float | None) -> Segment:
    """Becomes a reader."""
    place = Place(name)
    seconds = seconds_of(wait)
    deadline = time.monotonic() + seconds
    pause = _POLL_FIRST_S
    while True:
        with told("attach to", place.path):
            segment, retired = _attach_once(spec, place)
        if segment is not None:
            return segment
        left = deadline - time.monotonic()
        if left <= 0:
            break
        time.sleep(min(pause, left))
        pause = min(2 * pause, _POLL_LAST_S)
    waited = f" after {seconds:g} s" if seconds else ""
    hint = "hint: start the writer first, or attach with `wait=`"
    if retired:
        raise Retired(f"segment `{place.name}` was retired and has no successor{waited}; {hint}")
    raise NotFound(f"no segment `{place.name}`{waited}; {hint}")


def unlink(name: Name) -> None:
    """Ends a segment: its readers get `Retired`, and its name is free again."""
    place = Place(name)
    for _ in range(_ROUNDS):
        with told("unlink", place.path):
            found = _open(place, write=True)
            if found is None:
                raise NotFound(f"no segment `{place.name}`")
            segment = _locked(place, *found)
        if segment is not None:
            try:
                end(segment)
            finally:
                segment.close()
            return
    raise Stalled(f"segment `{place.name}` is made and removed all the time by others", _ROUNDS)


def end(segment: Segment) -> None:
    """Retires a segment that this process writes, and takes its name away."""
    segment.check_writer()
    segment.retire()
    _latch.retire_rows(segment)
    try:
        with told("unlink", segment.place.path):
            if segment.lock.is_named(segment.place):
                segment.place.unlink()
    except BaseException:
        # It lives on: in a folder like /dev/shm only the owner of a file may
        # unlink it, however many may write to it.
        _latch.retire_rows(segment, retired=False)
        segment.retire(retired=False)
        raise


def seconds_of(wait: float | None) -> float:
    """How long to wait for what is not there yet."""
    if wait is None:
        return 0.0
    # Not what `float` would read out of a text.
    if not hasattr(wait, "__float__"):
        raise TypeError(f"`wait` takes seconds, found {wait!r}")
    seconds = float(wait)
    # Nor a NaN, which is never over.
    if not seconds >= 0:
        raise ValueError(f"`wait` takes seconds from 0 on, found {wait!r}")
    return seconds


def _possible(mode: int) -> int:
    """The permissions of a new segment, if a file can have them."""
    if not hasattr(mode, "__index__"):
        raise TypeError(f"`mode` takes a number such as 0o640, found {mode!r}")
    mode = operator.index(mode)
    if not 0 <= mode <= _ALL_MODES:
        # What people leave out is the `0o`.
        meant = set(f"{mode:d}") <= set("01234567") and mode <= 777
        hint = f"; hint: write `0o{mode}`" if meant else ""
        raise ValueError(f"`mode` takes 0 to 0o777, found {mode} ({mode:#o}){hint}")
    return mode


def _open(place: Place, write: bool) -> tuple[int, SegmentHeader] | None:
    fd = place.open(write)
    if fd is None:
        return None
    try:
        return fd, read_header(fd, place.name)
    except BaseException:
        close(fd)
        raise


def _attach_once(spec: Spec, place: Place) -> tuple[Segment | None, bool]:
    """The segment, if there is one; and whether there is one that is retired."""
    found = _open(place, write=False)
    if found is None:
        return None, False
    fd, header = found
    try:
        if header.retired:
            return None, True
        view = check_layout(spec, place.name, fd, header)
        segment = Segment(place, header, fd, Lock.reopened(fd, write=False), write=False)
        segment.view = view
        return segment, False
    finally:
        close(fd)


def _locked(place: Place, fd: int, header: SegmentHeader) -> Segment | None:
    """The segment with this process as its writer; ``None`` to start again."""
    lock = None
    try:
        lock = Lock.reopened(fd, write=True)
        if not lock.take():
            pid = header.writer_pid
            raise WriterBusy(
                f"segment `{place.name}` has a writer, pid {pid}; hint: stop it, or attach instead",
                pid or None,
            )
        # The name may have gone to another file between opening and locking.
        if not lock.is_named(place):
            lock.close()
            return None
        return Segment(place, header, fd, lock, write=True)
    except BaseException:
        if lock is not None:
            lock.close()
        raise
    finally:
        close(fd)


def _succeed(
    spec: Spec,
    place: Place,
    mode: int,
    exist_ok: bool,
    replace: bool,
    fd: int,
    header: SegmentHeader,
) -> Segment | None:
    """Takes over or replaces what is there; ``None`` to start again.

    With both allowed, what fits is taken over and what does not is replaced.
    """
    # A writer that died between retiring a segment and unlinking it left
    # nothing that anyone could use.
    dead = header.retired != 0
    goes_on = exist_ok and not dead
    try:
        if not (exist_ok or replace or dead):
            raise AlreadyExists(
                f"segment `{place.name}` exists already; hint: `exist_ok=True` goes on with it, "
                "`replace=True` starts afresh"
            )
        if goes_on:
            problem = _misfit(spec, place.name, fd, header)
            if problem is not None and not replace:
                raise problem
            goes_on = problem is None
    except BaseException:
        close(fd)
        raise
    old = _locked(place, fd, header)
    if old is None:
        return None
    if goes_on:
        old.sign()
        return old
    try:
        # Whole before the old one is touched: what can go wrong goes wrong now.
        new = _make(spec, place, mode, header.generation + 1)
        try:
            end(old)
        except BaseException:
            new.close()
            raise
    finally:
        old.close()
    return _name(new)


def _misfit(spec: Spec, name: str, fd: int, header: SegmentHeader) -> Error | None:
    """What keeps a writer from going on with the segment, if anything does."""
    try:
        check_same(spec, name, fd, header)
    except Error as problem:
        return problem
    return check_shape(spec, name, header)


def _make(spec: Spec, place: Place, mode: int, generation: int) -> Segment:
    """A new segment, whole and without a name: nobody ever sees half of one."""
    text = spec.descriptor().encode()
    header = _new_header(spec, len(text), generation)
    fd = place.open_unnamed()
    try:
        lock = Lock.reopened(fd, write=True)
        try:
            lock.take()
            _fill(fd, place, mode, header, text)
            return Segment(place, header, fd, lock, write=True)
        except BaseException:
            lock.close()
            raise
    finally:
        close(fd)


def _name(segment: Segment) -> Segment | None:
    """A new segment under its name; ``None`` when another got that first.

    Named last: a creator that is killed leaves nothing.
    """
    try:
        if segment.lock.give_name(segment.place):
            return segment
    except BaseException:
        segment.close()
        raise
    segment.close()
    return None


def _fill(fd: int, place: Place, mode: int, header: SegmentHeader, text: bytes) -> None:
    try:
        # Not left to the umask, which would surprise one of the two sides.
        os.fchmod(fd, mode)
        # All of it now: a full file system is an error here and would be a
        # SIGBUS at the first touch.
        os.posix_fallocate(fd, 0, header.total_size)
        os.pwrite(fd, bytes(header) + text, 0)
    except OSError as error:
        raise from_os(error, f"make {header.total_size} bytes for", place.path) from error


def _new_header(spec: Spec, descriptor_size: int, generation: int) -> SegmentHeader:
    it = Geometry(spec.order, ctypes.sizeof(spec.record), spec.copies, spec.rows, descriptor_size)
    pid, start = os.getpid(), start_ticks()
    return SegmentHeader(
        magic=MAGIC,
        abi=ABI,
        header_size=SegmentHeader.SIZE,
        kind_raw=spec.kind,
        copies=it.copies,
        record_size=it.record_size,
        stride=it.stride,
        rows=it.rows,
        records_offset=it.records_offset,
        total_size=it.total_size,
        record_fingerprint=bytes.fromhex(spec.facts.FINGERPRINT),
        schema_fingerprint=bytes.fromhex(spec.schema.fingerprint),
        schema_version=spec.schema.version,
        protocol=PROTOCOL,
        descriptor_offset=SegmentHeader.SIZE,
        descriptor_size=descriptor_size,
        created_at_raw=time.time_ns(),
        creator_start=start,
        creator_pid=pid,
        clock_id=CLOCK_ID,
        generation=generation,
        order_raw=it.order,
        writer_pid=pid,
        writer_start=start,
        copies_offset=it.copies_offset,
        copy_stride=it.copy_stride,
        copy_distance=it.copy_distance,
    )
