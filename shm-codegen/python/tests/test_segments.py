"""Making segments, finding them, and everything that is refused."""

from __future__ import annotations

import gc
import os
import stat
import struct
import time
from pathlib import Path
from typing import Any

import every_type as et
import market
import pytest
from conftest import WATCHDOG_S, codegen

import shm_runtime as shm

SHARED = Path("/dev/shm")
ABI_AT = 8


def test_a_writer_creates_and_a_reader_attaches(name: str) -> None:
    with market.leader.create(name) as writer, market.leader.attach(name) as reader:
        assert reader.name == name and not reader.closed
        assert reader.version == 0 and reader.age is None
        assert reader.read() == market.Quote()
        writer.write(symbol="ABC", volume=5)
        assert (reader.symbol, reader.volume, reader.version) == ("ABC", 5, 1)
        age = reader.age
        assert age is not None and 0 <= age < WATCHDOG_S
        assert reader.writer_alive and writer.writer_alive
    assert reader.closed and (SHARED / name).exists(), "exit removes nothing"


def test_a_record_whose_writer_keeps_no_stamps_has_no_age(name: str) -> None:
    with market.quotes.create(name) as writer:
        writer[0].write(volume=5)
        assert writer[0].age is not None
        at = writer._segment.header.records_offset
        with (SHARED / name).open("r+b") as file:
            file.seek(at + 8)
            file.write(bytes(8))
        assert (writer[0].volume, writer[0].age) == (5, None)


def test_the_name_defaults_to_that_of_the_schema() -> None:
    spec: Any = market.quotes._spec()
    assert spec._spec.default_name == "market.quotes"


def test_the_file_is_private_unless_told_otherwise(name: str) -> None:
    before = os.umask(0)
    try:
        market.leader.create(name).close()
        assert stat.S_IMODE((SHARED / name).stat().st_mode) == 0o600
        os.umask(0o777)
        market.leader.create(name, mode=0o640, replace=True).close()
        assert stat.S_IMODE((SHARED / name).stat().st_mode) == 0o640
    finally:
        os.umask(before)


def test_a_segment_that_exists_is_not_overwritten(name: str) -> None:
    market.leader.create(name).close()
    with pytest.raises(FileExistsError, match="exists already; hint: `exist_ok=True`") as caught:
        market.leader.create(name)
    assert isinstance(caught.value, shm.AlreadyExists) and isinstance(caught.value, shm.Error)


def test_exist_ok_goes_on_where_the_last_writer_stopped(name: str) -> None:
    with market.leader.create(name) as first:
        first.write(volume=7)
        first.write(volume=8)
    inode = (SHARED / name).stat().st_ino
    with market.leader.create(name, exist_ok=True) as second:
        assert (second.volume, second.version) == (8, 2)
        second.write(volume=9)
        assert second.version == 3
    assert (SHARED / name).stat().st_ino == inode


def test_there_is_one_writer_at_a_time(name: str) -> None:
    with market.leader.create(name):
        for choice in ({"exist_ok": True}, {"replace": True}):
            with pytest.raises(shm.WriterBusy, match=f"pid {os.getpid()}") as caught:
                market.leader.create(name, **choice)
            assert caught.value.pid == os.getpid()
        with pytest.raises(shm.WriterBusy):
            shm.unlink(name)
    market.leader.create(name, exist_ok=True).close()


def test_asking_for_the_writer_does_not_get_in_its_way(name: str) -> None:
    market.leader.create(name).close()
    with market.leader.attach(name) as reader:
        assert not reader.writer_alive
        with market.leader.create(name, exist_ok=True):
            assert reader.writer_alive
        assert not reader.writer_alive


def test_a_file_that_was_removed_is_read_on_and_says_so(name: str) -> None:
    with market.leader.create(name) as writer, market.leader.attach(name) as reader:
        writer.write(volume=1)
        assert reader.linked and writer.linked
        os.unlink(f"/dev/shm/{name}")
        assert not reader.linked and not writer.linked
        writer.write(volume=2)
        assert reader.read().volume == 2
        with market.leader.create(name) as successor:
            assert successor.linked and not reader.linked
            successor.unlink()
            assert not successor.linked
    with pytest.raises(shm.Closed):
        reader.linked  # noqa: B018 - it is looked up


def test_replace_retires_the_old_segment(name: str) -> None:
    with market.leader.create(name) as old:
        old.write(volume=1)
    with market.leader.attach(name) as stale:
        snapshot = stale.snapshot()
        with market.leader.create(name, replace=True) as new:
            assert new.version == 0
            for read in (stale.read, snapshot.refresh, lambda: stale.volume, lambda: stale.version):
                with pytest.raises(shm.Retired, match="close it and attach again"):
                    read()
            assert new._segment.header.generation == 1
            new.write(volume=2)
            with market.leader.attach(name) as reader:
                assert reader.volume == 2
        assert bytes(snapshot) == bytes(512), "what could not be read whole is not shown"


def test_replace_takes_the_place_of_another_layout(name: str) -> None:
    market.leader.create(name).close()
    with pytest.raises(shm.LayoutMismatch):
        et.one.create(name, exist_ok=True)
    with et.one.create(name, replace=True) as writer:
        assert writer.version == 0


def test_with_both_what_fits_goes_on_and_what_does_not_is_replaced(name: str) -> None:
    both: dict[str, Any] = {"exist_ok": True, "replace": True}
    with market.leader.create(name, **both) as first:
        first.write(volume=7)
        with pytest.raises(shm.WriterBusy):
            market.leader.create(name, **both)
    inode = (SHARED / name).stat().st_ino
    with market.leader.create(name, **both) as second:
        assert (second.volume, second.version) == (7, 1)
    assert (SHARED / name).stat().st_ino == inode
    with market.leader.attach(name) as stale:
        with et.one.create(name, **both) as other:
            assert (other.version, other._segment.header.generation) == (0, 1)
        with pytest.raises(shm.Retired):
            stale.read()
    # The same record in another shape does not fit either.
    shm.TableSpec(market.Level, 10).create(f"{name}.t").close()
    with shm.TableSpec(market.Level, 11).create(f"{name}.t", **both) as table:
        assert len(table) == 11
    (SHARED / f"{name}.f").write_bytes(b"mine")
    with pytest.raises(shm.NotASegment):
        market.leader.create(f"{name}.f", **both)
    assert (SHARED / f"{name}.f").read_bytes() == b"mine"


@pytest.mark.parametrize("copies", [2, 4, 8])
def test_the_copies_of_a_schema_are_those_of_a_new_segment_alone(name: str, copies: int) -> None:
    spec = shm.TableSpec(market.Level, 3, copies=copies)
    with spec.create(name) as writer:
        assert writer._segment.header.copies == copies
        for qty in range(1, 20):
            writer[2].write(qty=qty)
            assert (writer[2].qty, writer[2].read().qty) == (qty, qty)
    # A new build that wants others goes on where this one stopped.
    other = shm.TableSpec(market.Level, 3, copies=2 if copies > 2 else 4)
    with other.create(name, exist_ok=True) as writer, other.attach(name) as reader:
        assert writer._segment.header.copies == copies
        writer[2].write(qty=20)
        assert (reader[2].qty, reader[2].version) == (20, 20)


def test_a_generated_module_makes_as_many_copies_as_the_schema_says(name: str) -> None:
    with et.many.create(name) as many:
        assert many._segment.header.copies == 4
    with et.one.create(f"{name}.one") as one:
        assert one._segment.header.copies == 2


def test_other_numbers_of_copies_are_refused() -> None:
    for copies in (0, 1, 3, 16):
        with pytest.raises(ValueError, match=f"2, 4 or 8 copies of a record, found {copies}"):
            shm.CellSpec(market.Level, copies=copies)


def test_unlink_ends_a_segment(name: str) -> None:
    with market.leader.create(name) as writer, market.leader.attach(name) as reader:
        writer.write(volume=3)
        writer.unlink()
        assert not (SHARED / name).exists()
        with pytest.raises(shm.Retired):
            _ = reader.volume
        with pytest.raises(shm.Retired):
            _ = reader.age
        with pytest.raises(shm.Retired):
            writer.write(volume=4)
        with market.leader.create(name) as other:
            writer.unlink()
            assert (SHARED / name).exists(), "the name is another's now"
            other.write(volume=5)
    shm.unlink(name)
    with pytest.raises(shm.NotFound):
        shm.unlink(name)


def test_a_segment_whose_writer_died_between_retiring_and_unlinking(name: str) -> None:
    with market.leader.create(name) as writer:
        writer._segment.retire()
    with pytest.raises(shm.Retired, match="no successor"):
        market.leader.attach(name)
    with market.leader.create(name) as writer:
        assert writer._segment.header.generation == 1


def test_attach_without_a_segment(name: str) -> None:
    with pytest.raises(FileNotFoundError, match="start the writer first") as caught:
        market.leader.attach(name)
    assert isinstance(caught.value, shm.NotFound)
    began = time.monotonic()
    with pytest.raises(shm.NotFound, match="after 0.2 s"):
        market.leader.attach(name, wait=0.2)
    assert time.monotonic() - began >= 0.2


def test_attach_waits_for_the_segment(name: str, child: Any) -> None:
    program = "import market, sys; market.leader.attach(sys.argv[1], wait=60); print('there')"
    process = child(program, name)
    time.sleep(0.3)
    assert process.poll() is None
    market.leader.create(name).close()
    assert process.communicate(timeout=WATCHDOG_S)[0] == "there\n"


def test_a_reader_cannot_write(name: str) -> None:
    market.leader.create(name).close()
    with market.leader.attach(name) as reader:
        with pytest.raises(shm.ReadOnly, match="a writer calls `create`"):
            reader.write(volume=1)
        with pytest.raises(shm.ReadOnly):
            reader.update()
        with pytest.raises(shm.ReadOnly, match="a writer calls `create`"):
            reader.volume = 1
        with pytest.raises(shm.ReadOnly):
            reader.snapshot().write()
        assert reader.memory.readonly


BAD = ["", "1a", "-rf", "a/b", "../a", "a..b", "a b", "a\0", "ä", ".a", "a" * 201, "a\n"]


@pytest.mark.parametrize("bad", BAD)
def test_bad_names_are_refused(bad: str) -> None:
    for use in (market.leader.create, market.leader.attach, shm.unlink):
        with pytest.raises(shm.BadName, match="cannot name a segment"):
            use(bad)


def test_a_path_is_a_second_kind_of_place(tmp_path: Path) -> None:
    if not _has_tmpfile(tmp_path):
        pytest.skip("the file system has no O_TMPFILE")
    path = tmp_path / "1 odd name"
    with market.leader.create(path) as writer, market.leader.attach(path) as reader:
        writer.write(volume=1)
        assert reader.volume == 1
    with pytest.raises(shm.NotFound, match="no folder `.*`; hint: make it first"):
        market.leader.create(tmp_path / "no folder" / "x" / "y")


def _has_tmpfile(folder: Path) -> bool:
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_RDWR))
    except OSError:
        return False
    return True


def test_what_is_no_segment_is_left_alone(name: str, tmp_path: Path) -> None:
    path = SHARED / name
    cases = {
        b"": "it has 0 bytes",
        b"\x89SHMSEG\n": "it has 8 bytes",
        bytes(4096): "it begins with",
        b"#!/bin/sh\n" * 100: "it begins with",
    }
    for content, why in cases.items():
        path.write_bytes(content)
        for use in (
            lambda: market.leader.attach(name),
            lambda: market.leader.attach(name, wait=10),
            lambda: market.leader.create(name),
            lambda: market.leader.create(name, replace=True),
            lambda: shm.unlink(name),
        ):
            with pytest.raises(shm.NotASegment, match=why):
                use()
        assert path.read_bytes() == content
    path.unlink()
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    path.symlink_to(target)
    with pytest.raises(shm.NotASegment, match="never a link"):
        market.leader.create(name, replace=True)
    assert target.read_bytes() == b"precious"
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(shm.NotASegment):
        market.leader.attach(name)
    path.unlink()
    path.mkdir()
    with pytest.raises(shm.Error):
        market.leader.attach(name)
    path.rmdir()


def test_a_damaged_header_is_refused(name: str) -> None:
    market.quotes.create(name).close()
    path = SHARED / name
    whole = path.read_bytes()
    fields = {
        "abi": (4, shm.UnknownVersion), "protocol": (4, shm.UnknownVersion),
        "kind": (4, shm.NotASegment), "copies": (4, shm.NotASegment),
        "record_size": (8, shm.NotASegment), "stride": (8, shm.NotASegment),
        "rows": (8, shm.NotASegment), "records_offset": (8, shm.NotASegment),
        "total_size": (8, shm.NotASegment), "descriptor_offset": (8, shm.NotASegment),
        "descriptor_size": (8, shm.NotASegment), "header_size": (4, shm.NotASegment),
        "order": (4, shm.NotASegment), "copies_offset": (8, shm.NotASegment),
        "copy_stride": (8, shm.NotASegment), "copy_distance": (8, shm.NotASegment),
    }  # fmt: skip
    from shm_runtime.segment_header import SegmentHeader

    for field, (size, error) in fields.items():
        at = SegmentHeader.OFFSETS[field]
        for value in (0, 9, 1 << 31, (1 << 8 * size) - 1):
            with path.open("r+b") as file:
                file.write(whole[:at] + value.to_bytes(size, "little"))
            with pytest.raises(error):
                market.quotes.attach(name)
            with path.open("r+b") as file:
                file.write(whole[:512])
    market.quotes.attach(name).close()
    os.truncate(path, len(whole) - 1)
    with pytest.raises(shm.NotASegment, match=f"cut to {len(whole) - 1} of {len(whole)} bytes"):
        market.quotes.attach(name)


def test_every_bit_of_the_first_lines_counts(name: str) -> None:
    """No flipped bit of the checked fields is taken for a whole segment."""
    market.leader.create(name).close()
    path = SHARED / name
    whole = path.read_bytes()[:512]
    for bit in range(96 * 8):  # up to the record's fingerprint, included
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        with path.open("r+b") as file:
            file.write(flipped)
        with pytest.raises(shm.Error):
            market.leader.attach(name)


def test_a_mismatch_names_what_moved(name: str, tmp_path: Path) -> None:
    schema = (market.__file__, tmp_path / "market.yaml")
    text = """
shm: 1
package: other
version: 3
structs:
  - name: Level
    fields:
      - { name: px, type: f64 }
      - { name: extra, type: u64 }
      - { name: qty, type: u32 }
      - { name: orders, type: i32 }
segments:
  - { name: levels, kind: cell, of: Level }
"""
    schema[1].write_text(text)
    codegen("gen", schema[1], "--python", tmp_path)
    other: dict[str, Any] = {"__name__": "other"}
    exec(compile((tmp_path / "other.py").read_text(), "other.py", "exec"), other)
    other["levels"].create(name).close()
    with pytest.raises(shm.LayoutMismatch) as caught:
        shm.CellSpec(market.Level).attach(name)
    message = str(caught.value)
    assert message.startswith(
        "layout mismatch: `Level.qty` is at byte 8 here and at byte 16 in "
        f"segment `{name}` (schema other v3, writer pid {os.getpid()}); "
        "`Level.orders` is at byte 12 here and at byte 20 in the segment; "
        "`Level.orders` is `u32` here and `i32` in the segment; "
        "`Level.extra` is in the segment and not here; "
        "`Level` is 16 bytes (align 8) here and 24 bytes (align 8) in the segment; "
        f"this program has schema market v{market.SCHEMA_VERSION}; hint: regenerate"
    ), message
    assert len(caught.value.differences) == 5
    with pytest.raises(shm.LayoutMismatch, match="is `Quote` here and `Level` in segment"):
        market.leader.attach(name, wait=10)


def test_a_cell_is_not_a_table(name: str) -> None:
    market.leader.create(name).close()
    with pytest.raises(shm.LayoutMismatch, match="is a cell, expected a table"):
        market.quotes.attach(name)
    with pytest.raises(shm.LayoutMismatch, match="has 10 rows, expected 11"):
        shm.TableSpec(market.Level, 10).create(name + ".t").close()
        shm.TableSpec(market.Level, 11).create(name + ".t", exist_ok=True)


def test_a_full_file_system_is_an_error_at_once(name: str) -> None:
    room = os.statvfs(SHARED)
    rows = room.f_blocks * room.f_frsize // 512 + 1
    with pytest.raises(shm.NoSpace, match=f"bytes for `{SHARED}/{name}`"):
        shm.TableSpec(market.Quote, rows).create(name)
    assert not (SHARED / name).exists()


def test_without_permission(name: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    market.leader.create(name).close()
    os.seteuid(65534)
    try:
        for use in (market.leader.attach, lambda name: market.leader.create(name, replace=True)):
            with pytest.raises(
                PermissionError, match="permission denied; hint: ask its owner"
            ) as caught:
                use(name)
            assert isinstance(caught.value, shm.PermissionDenied)
        with pytest.raises(shm.PermissionDenied):
            shm.unlink(name)
    finally:
        os.seteuid(0)
    assert (SHARED / name).exists()


def test_closing(name: str) -> None:
    writer = market.quotes.create(name)
    row, snapshot = writer[3], writer[3].snapshot()
    _ = row.volume, row.symbol, row.age
    writer.close()
    writer.close()
    for use in (
        lambda: row.volume,
        lambda: row.symbol,
        lambda: row.version,
        lambda: row.age,
        row.read,
        snapshot.refresh,
        lambda: row.write(volume=1),
        lambda: writer[4],
        lambda: writer.to_numpy(),
        lambda: writer.writer_alive,
        lambda: writer.memory,
        writer.__enter__,
    ):
        with pytest.raises(shm.Closed, match="was closed"):
            use()
    assert "closed" in repr(writer) and "closed" in repr(row)


def test_closing_under_a_view_is_refused(name: str) -> None:
    with market.quotes.create(name) as writer:
        writer[1].write(volume=9)
        view = writer.memory
        with pytest.raises(BufferError, match="views that are still in use"):
            writer.close()
        assert writer[1].volume == 9, "nothing was torn down"
        at = writer._segment.header.records_offset
        assert struct.unpack_from("Q", view, at + writer._segment.header.stride)[0] == 2
        view.release()
    assert writer.closed


def test_a_handle_that_is_forgotten_frees_everything(name: str) -> None:
    gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(50):
        market.leader.create(name, exist_ok=True)
        market.leader.attach(name).snapshot()
        with pytest.raises(shm.LayoutMismatch):
            et.one.attach(name)
        with pytest.raises(shm.AlreadyExists):
            market.leader.create(name)
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == before
    mapped = Path("/proc/self/maps").read_text().count(name)
    assert mapped == 0
