"""Reading and writing the records of cells and tables."""

from __future__ import annotations

import math
import signal
import threading
import time
from pathlib import Path
from typing import Any

import every_type as et
import market
import pytest
from conftest import codegen, words_of

import shm_runtime as shm

#: No Python runs in the middle of a native read or write, so nothing can come in between.
pure = pytest.mark.skipif(shm.BACKEND != "pure", reason="is about reads and writes in Python")


@pytest.fixture
def table(name: str) -> Any:
    with market.quotes.create(name) as writer:
        yield writer


def test_a_row_is_found_by_number(table: Any) -> None:
    assert len(table) == 1000
    table[17].write(volume=5)
    assert table[17].volume == 5 and table[-983].volume == 5
    assert table[17].index == 17 and table[-1].index == 999
    assert table[17] is table[17]
    assert [row.index for row in table] == list(range(1000))
    for bad in (1000, -1001):
        with pytest.raises(IndexError, match="its rows are 0 to 999") as caught:
            table[bad]
        assert isinstance(caught.value, shm.NoSuchRow)


def test_a_row_is_found_by_key(table: Any) -> None:
    table[3].write(symbol="ABC")
    table[5].write(symbol="XYZ")
    assert table["ABC"].index == 3 and table.by_key("XYZ").index == 5
    table[3].write(symbol="NEW")
    table[9].write(symbol="ABC")
    assert table["ABC"].index == 9 and table["NEW"].index == 3
    assert "ABC" in table and "nope" not in table and 9 not in table
    for missing in ("nope", ""):
        with pytest.raises(KeyError) as caught:
            table[missing]
        assert isinstance(caught.value, shm.NoSuchKey)
        assert str(caught.value).startswith("no row of table")
    table[0].write(symbol_raw=b"\xff")
    assert table["ABC"].index == 9, "a key that is no text is nobody's"


def test_a_table_with_whole_numbers_for_keys(name: str) -> None:
    with et.many.create(name) as table:
        table[2].write(a_u32=77)
        assert table.by_key(77).index == 2
        with pytest.raises(shm.NoSuchRow):
            table[77]
        assert 77 in table and 2 not in table


def test_a_table_without_a_key(name: str) -> None:
    with shm.TableSpec(market.Level, 3).create(name) as table:
        with pytest.raises(shm.NoSuchKey, match="has no key"):
            table["ABC"]
        with pytest.raises(shm.NoSuchKey, match="has no key"):
            assert "ABC" in table


def test_a_table_has_no_slices(table: Any) -> None:
    with pytest.raises(TypeError, match="has no slices; hint: `to_numpy"):
        table[1:3]


def test_a_write_changes_what_it_names(table: Any) -> None:
    row = table[0]
    row.write(volume=1, symbol="A")
    row.write(volume=2)
    assert (row.volume, row.symbol, row.version) == (2, "A", 2)
    row.write(market.Quote(symbol="B"))
    assert (row.volume, row.symbol) == (0, "B")
    record = market.Quote(symbol="C")
    row.write(record, volume=3)
    assert (row.volume, row.symbol) == (3, "C") and record.volume == 0
    with pytest.raises(TypeError, match="nothing to write"):
        row.write()
    with pytest.raises(TypeError, match="expected a `Quote`, found a `Level`"):
        row.write(market.Level())
    with pytest.raises(AttributeError):
        row.write(volum=1)
    with pytest.raises(OverflowError):
        row.write(volume=-1)
    assert row.version == 4


def test_an_assignment_is_a_write_of_one_field(table: Any) -> None:
    row = table[0]
    row.write(volume=1, symbol="A", turnover=2.5)
    row.volume = 2
    row.volume += 3
    row.symbol, row.phase, row.tradable = "B", market.Phase(2), True
    row.flags = market.QuoteFlags.FIRM
    row.latency_raw = 7
    row.last = {"px": 1.5}
    found = row.read()
    assert (found.volume, found.symbol, found.phase) == (5, "B", market.Phase(2))
    assert (found.tradable, found.flags, found.latency_raw) == (True, market.QuoteFlags.FIRM, 7)
    assert (found.last.px, found.turnover, row.version) == (1.5, 2.5, 9)
    setattr(row, "volume ".strip(), 6)
    assert row.volume == 6 and row.version == 10


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("volume", -1), ("volume", 1 << 64), ("volume", "x"), ("volume", 1.5), ("volume", None),
        ("symbol", "much longer than the room for it"), ("symbol", 5), ("phase", 256),
        ("turnover", "x"), ("turnover", 1e16), ("lot_size", 0), ("last", 5), ("isin", b"x" * 50),
        ("exchange_time", 5),
    ],
)  # fmt: skip
def test_a_bad_assignment_is_refused_as_a_bad_write(table: Any, field: str, value: Any) -> None:
    row = table[0]
    row.write(volume=1, symbol="A")
    before = bytes(row.read())
    with pytest.raises((TypeError, ValueError, OverflowError)) as written:
        row.write(**{field: value})
    with pytest.raises((TypeError, ValueError, OverflowError)) as assigned:
        setattr(row, field, value)
    assert (type(assigned.value), str(assigned.value)) == (type(written.value), str(written.value))
    assert (bytes(row.read()), row.version) == (before, 1)


def test_only_fields_are_assigned(table: Any) -> None:
    row = table[0]
    for name in ("volum", "version", "index", "age", "read", "retries"):
        with pytest.raises(AttributeError):
            setattr(row, name, 1)
    with pytest.raises(AttributeError):
        del row.volume
    assert row.version == 0 and row.index == 0
    assert row.volume == 0


def test_an_assignment_keeps_padding_and_bools_clean(name: str) -> None:
    with et.one.create(name) as cell:
        words_of(cell)[2 : 2 + 2 * (et.EveryType.SIZE // 8)] = memoryview(
            b"\xaa" * (2 * et.EveryType.SIZE)
        ).cast(words_of(cell).format)
        cell.a_u8 = 7
        cell.far = 9
        assigned = bytes(cell.read())
        cell.write(et.EveryType.from_buffer_copy(b"\xaa" * et.EveryType.SIZE))
        cell.write(a_u8=7, far=9)
        assert assigned == bytes(cell.read())


def test_a_snapshot_is_written_back(table: Any) -> None:
    row = table[0]
    row.write(volume=1, symbol="A")
    snapshot = row.snapshot()
    snapshot.volume, snapshot.symbol = 2, "B"
    assert row.volume == 1
    assert snapshot.write() is None
    assert (row.volume, row.symbol, row.version) == (2, "B", 2)
    other = table[1].snapshot()
    other.volume = 9
    other.write()
    assert (table[1].volume, row.volume, table[1].version) == (9, 2, 1)


def test_a_read_that_fails_leaves_no_half_record(table: Any) -> None:
    row, out = table[0], market.Quote(volume=5)
    row.write(volume=1)
    table.unlink()
    with pytest.raises(shm.Retired):
        row.read(out=out)
    assert out.volume == 5


def test_help_tells_units_and_ranges(table: Any) -> None:
    kind = type(table[0])
    assert kind.turnover.__doc__.startswith("Traded today. In USD. From 0.0 to 1")
    assert kind.open_px.__doc__ == "The day's first price. In USD."
    assert kind.open_px_raw.__doc__ == (
        "The day's first price. As it is stored, a `i64`. In steps of 1e-8 USD."
    )
    assert "Raises `ReadOnly`" in kind.write.__doc__ and "row.last = 101.25" in kind.__doc__


def test_update_publishes_at_its_end(table: Any) -> None:
    row = table[0]
    with row.update() as record:
        record.volume += 5
        record.bids[2].px = 1.5
        assert row.volume == 0 and row.version == 0
    assert (row.volume, row.bids[2].px, row.version) == (5, 1.5, 1)


def test_update_publishes_nothing_on_an_exception(table: Any) -> None:
    row = table[0]
    row.write(volume=1)
    with pytest.raises(ZeroDivisionError), row.update() as record:
        record.volume = 2
        _ = 1 // 0
    assert (row.volume, row.version) == (1, 1)


def test_live_fields_have_the_types_of_the_record(table: Any) -> None:
    row = table[0]
    record = market.Quote(
        symbol="ABC", isin=b"US0", phase=7, flags=0x8001, tradable=True, latency_raw=1_500,
        exchange_time_raw=1_700_000_000_123_456_789, heat=((1, 2, 3, 4),) * 3, last={"px": None},
    )  # fmt: skip
    row.write(record)
    for field in market.Quote.FIELDS.values():
        for attribute in {field.attribute, field.stored}:
            live, kept = getattr(row, attribute), getattr(record, attribute)
            assert type(live) is type(kept), attribute
            if isinstance(kept, (int, str, bytes, tuple)):
                assert live == kept, attribute
            elif hasattr(kept, "_fields_") or hasattr(kept, "_length_"):
                assert bytes(live) == bytes(kept), attribute
            else:
                assert repr(live) == repr(kept), attribute


def test_every_type_can_be_read_live(name: str) -> None:
    with et.one.create(name) as cell:
        record = et.EveryType.from_buffer_copy(bytes(n * 7 % 251 for n in range(1024)))
        record.a_str_raw, record.a_bool_raw = b"abc", 1
        record.names = (("a", "b"), ("c", "d"))
        record.a_utf16, record.wide = "x", ("y", "z")
        record.answers = ((True, False), (False, True))
        cell.write(record)
        whole = cell.read()
        assert whole == record
        for field in et.EveryType.FIELDS.values():
            live, kept = getattr(cell, field.stored), getattr(whole, field.stored)
            same = (
                live == kept
                if isinstance(kept, (int, float, bytes))
                else bytes(live) == bytes(kept)
            )
            assert same or live != live, field.attribute
        assert cell.type == record.type and cell.from_ == record.from_


def test_read_fills_a_record_that_is_given(table: Any) -> None:
    row, out = table[0], market.Quote(symbol="old")
    row.write(symbol="new")
    assert row.read(out=out) is out and out.symbol == "new"
    with pytest.raises(TypeError, match="expected a `Quote`"):
        row.read(out=market.Level())


def test_a_snapshot_is_a_record_that_can_be_taken_again(table: Any) -> None:
    row = table[0]
    row.write(volume=1, tradable_raw=7)
    snapshot = row.snapshot()
    assert isinstance(snapshot, market.Quote) and snapshot == row.read()
    assert snapshot.tradable_raw == 1
    row.write(volume=2)
    assert snapshot.volume == 1
    assert snapshot.refresh() is None and snapshot.volume == 2
    table[1].write(snapshot)
    assert table[1].read() == snapshot and repr(snapshot).startswith("Quote(symbol=")


def test_bools_are_read_as_0_or_1(name: str) -> None:
    with et.one.create(name) as cell:
        record = et.EveryType(a_bool_raw=7)
        memoryview(record).cast("B")[et.EveryType.OFFSETS["answers"]] = 200
        cell.write(record)
        for found in (cell.read(), cell.snapshot(), cell.read(out=et.EveryType())):
            assert found.a_bool_raw == 1 and bytes(found.answers_raw) == b"\1\0\0\0"
        assert bytes(cell.answers_raw) == b"\1\0\0\0"


def test_padding_is_written_as_zeros(name: str) -> None:
    with et.one.create(name) as cell:
        cell.write(et.EveryType.from_buffer_copy(b"\xaa" * et.EveryType.SIZE))
        found = bytes(cell.read())
    meant = bytearray(et.EveryType.SIZE)
    inner = [(0, 1), (4, 8), (8, 10)]
    runs = []
    for field in et.EveryType.FIELDS.values():
        if field.type == "Inner":
            count = math.prod(field.dims)
            starts = range(field.offset, field.offset + field.size, et.Inner.SIZE)
            assert len(starts) == count
            runs += [(at + a, at + b) for at in starts for a, b in inner]
        elif field.type == "Packed":
            at = field.offset
            runs += [(at, at + 13), (at + 25, at + 27)]
            runs += [(at + 13 + a, at + 13 + b) for a, b in inner]
        elif field.type == "PackedBy4":
            runs += [(field.offset, field.offset + 1), (field.offset + 4, field.offset + 14)]
        else:
            runs.append((field.offset, field.offset + field.size))
    for a, b in runs:
        meant[a:b] = b"\xaa" * (b - a)
    for field in (et.EveryType.FIELDS["a_bool"], et.EveryType.FIELDS["answers"]):
        meant[field.offset : field.offset + field.size] = b"\1" * field.size
    assert found == bytes(meant)


def test_fields_named_like_members_get_an_underscore(tmp_path: Any, name: str) -> None:
    from conftest import codegen

    taken = ["age", "close", "closed", "index", "memory", "name", "retries", "to_numpy", "version"]
    taken += ["linked", "unlink", "writer_alive"]
    fields = "\n".join(f"      - {{ name: {field}, type: u8 }}" for field in taken)
    (tmp_path / "taken.yaml").write_text(
        f"shm: 1\npackage: taken\nversion: 1\nstructs:\n  - name: Taken\n    fields:\n{fields}\n"
        "segments:\n  - { name: one, kind: cell, of: Taken }\n"
        "  - { name: many, kind: table, of: Taken, rows: 2, key: index }\n"
    )
    codegen("gen", tmp_path / "taken.yaml", "--python", tmp_path)
    module: dict[str, Any] = {"__name__": "taken"}
    exec(compile((tmp_path / "taken.py").read_text(), "taken.py", "exec"), module)
    with module["one"].create(name) as cell:
        cell.write(**{field: at + 1 for at, field in enumerate(taken)})
        for at, field in enumerate(taken):
            assert getattr(cell, f"{field}_") == at + 1
            assert getattr(cell.snapshot(), field) == at + 1
        assert cell.name == name and cell.version == 1
    with module["many"].create(name + ".t") as table:
        table[1].write(index=7)
        assert table.by_key(7).index == 1 and table.by_key(7).index_ == 7


def test_threads_read_while_one_writes(table: Any) -> None:
    row, torn, done = table[0], [], threading.Event()

    def read() -> None:
        snapshot = row.snapshot()
        while not done.is_set():
            snapshot.refresh()
            record = row.read()
            if snapshot.volume != snapshot.tick or record.volume != record.tick:
                torn.append((snapshot.volume, snapshot.tick))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 2
    count = 0
    while time.monotonic() < deadline:
        count += 1
        row.write(volume=count, tick=count)
    done.set()
    for thread in threads:
        thread.join()
    assert not torn and row.version == count


def test_threads_that_write_take_turns(table: Any) -> None:
    row, rounds = table[0], 500

    def write(number: int) -> None:
        for _ in range(rounds):
            row.write(market.Quote(volume=number, tick=number))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = row.read()
    assert row.version == 4 * rounds and found.volume == found.tick


@pure
def test_a_signal_handler_cannot_write_into_a_write(table: Any) -> None:
    row, refused = table[0], []

    def handler(number: int, frame: object) -> None:
        try:
            row.write(volume=1, tick=1)
        except shm.Reentered as error:
            refused.append(error)

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0003)
        deadline = time.monotonic() + 30
        while not refused and time.monotonic() < deadline:
            row.write(market.Quote(volume=2, tick=2))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert refused, "the handler never came in the middle of a write"
    record = row.read()
    assert record.volume == record.tick


@pure
def test_a_writer_that_never_pauses_and_a_broken_word(name: str, monkeypatch: Any) -> None:
    from shm_runtime import _latch

    monkeypatch.setattr(_latch, "TRIES", 50)
    with market.leader.create(name) as cell:
        cell.write(volume=1)
        words = iter(range(2, 10**6, 8))

        class Restless:
            def __getitem__(self, at: int) -> int:
                return next(words)

            def release(self) -> None:
                """As a view is."""

        cell._seq = Restless()
        with pytest.raises(shm.Stalled, match="in 50 tries") as caught:
            cell.read()
        assert caught.value.tries == 50 and cell.retries >= 50
        with pytest.raises(shm.Stalled):
            _ = cell.volume


@pure
def test_what_was_overtaken_is_read_again(name: str) -> None:
    with market.leader.create(name) as cell:
        cell.write(volume=1, symbol="ABC")
        snapshot = cell.snapshot()
        words = cell._seq

        class Overtaken:
            """Shows a writer that came round after the first look."""

            def __init__(self) -> None:
                self.looks = iter([2, 8, 8])

            def __getitem__(self, at: int) -> int:
                return next(self.looks, words[at])

            def release(self) -> None:
                """As a view is."""

        reads = {
            "a number": lambda: cell.volume == 1,
            "a text": lambda: cell.symbol_raw == b"ABC",
            "a record": lambda: cell.read().volume == 1,
            "a snapshot": lambda: snapshot.refresh() or snapshot.volume == 1,
        }
        for what, read in reads.items():
            assert read(), "the first time makes the views"
            before = cell.retries
            cell._seq = Overtaken()
            object.__setattr__(snapshot, "_seq", cell._seq)
            assert read() and cell.retries > before, what
        cell._seq = words


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        (4, 4, True), (4, 5, True), (4, 6, True), (4, 7, False), (4, 8, False),
        (5, 5, True), (5, 6, True), (5, 7, False), (4, 2, False),
        (4 - (1 << 63), 4 - (1 << 63), False), (4, 4 - (1 << 63), False),
    ],
)  # fmt: skip
def test_when_a_record_is_whole(first: int, second: int, whole: bool) -> None:
    from shm_runtime._latch import is_whole

    assert is_whole(first, second, 2) is whole


def test_reserved_room_may_be_called_like_what_a_snapshot_keeps(tmp_path: Path, name: str) -> None:
    names = ["row", "seq", "copies", "target", "kinds", "limits"]
    room = "".join(f"      - {{ name: {n}, reserved: 8 }}\n" for n in names)
    (tmp_path / "roomy.yaml").write_text(
        "shm: 1\npackage: roomy\nversion: 1\nstructs:\n  - name: Roomy\n    fields:\n"
        f"      - {{ name: x, type: u64 }}\n{room}segments: [{{ name: one, kind: cell, of: Roomy }}]\n"
    )
    codegen("gen", tmp_path / "roomy.yaml", "--python", tmp_path)
    module: dict[str, Any] = {"__name__": "roomy"}
    exec((tmp_path / "roomy.py").read_text(), module)
    with module["one"].create(name) as cell:
        snapshot = cell.snapshot()
        cell.write(x=5)
        snapshot.refresh()
        assert snapshot.x == cell.x == 5
        with pytest.raises(OverflowError):
            snapshot.x = -1
