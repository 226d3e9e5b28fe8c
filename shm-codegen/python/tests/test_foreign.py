"""Memory of other people's programs: real ones write, and nothing read is torn."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from conftest import ROOT, WATCHDOG_S, codegen, run

EXAMPLES = ROOT / "examples" / "foreign"
#: Whole records that each test takes.
READS = 5_000


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The modules of the examples' schemas."""
    folder = tmp_path_factory.mktemp("foreign")
    schemas = sorted(EXAMPLES.glob("*.yaml"))
    codegen("gen", *schemas, "--python", folder)
    sys.path.insert(0, str(folder))
    try:
        import io_uring  # type: ignore[import-not-found]
        import ntp  # type: ignore[import-not-found]
        import telemetry  # type: ignore[import-not-found]
    finally:
        sys.path.remove(str(folder))

    class Modules:
        pass

    made: Any = Modules()
    made.ntp, made.telemetry, made.io_uring = ntp, telemetry, io_uring
    return made


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the compiled programs."""
    compiler = os.environ.get("CC") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    folder = tmp_path_factory.mktemp("programs")
    for source in EXAMPLES.glob("*.c"):
        subprocess.run(
            [compiler, "-O2", "-std=gnu11", "-o", str(folder / source.stem), str(source)],
            check=True,
            timeout=WATCHDOG_S,
        )
    return folder


@pytest.fixture
def start(programs: Path) -> Iterator[Callable[..., Any]]:
    """Starts a program; it is killed with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*command: str) -> subprocess.Popen[str]:
        path = str(programs / command[0])
        process = subprocess.Popen([path, *command[1:]], stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait(WATCHDOG_S)
        assert process.stdout is not None
        process.stdout.close()


def whole(read: Callable[[], Any]) -> Any:
    """What a read gives, in the end.

    The writer may be held back anywhere, for longer than a read waits.
    """
    from shm_runtime import NotValid, Stalled

    deadline = time.monotonic() + WATCHDOG_S
    while True:
        try:
            return read()
        except (NotValid, Stalled):
            assert time.monotonic() < deadline


def torn(read: Callable[[], Any], is_torn: Callable[[Any], bool]) -> int:
    """Of `READS` whole reads, those that are of two writes."""
    return sum(is_torn(whole(read)) for _ in range(READS))


def tears(record: Any, place: Any, is_torn: Callable[[Any], bool]) -> None:
    """Reads without a rule until a record was torn."""
    from shm_runtime import ForeignCellSpec

    deadline = time.monotonic() + WATCHDOG_S
    with ForeignCellSpec(record, place).attach() as blind:
        while not is_torn(blind.read()):
            assert time.monotonic() < deadline, "reads and writes never met"


def sample_is_torn(sample: Any) -> bool:
    n = sample.clock_sec_raw - 1_000_000_000
    part = n % 1_000_000
    found = (
        sample.receive_sec_raw,
        sample.clock_usec,
        sample.receive_usec,
        sample.clock_nsec,
        sample.receive_nsec,
        sample.leap_raw,
        sample.samples,
    )
    return found != (n + 1_000_000_000, part, part, part * 1000, part * 1000, n % 4, n)


def page_is_torn(page: Any) -> bool:
    n = page.packet
    try:
        texts = (page.driver, page.track)
    except UnicodeDecodeError:
        return True
    return (
        page.last_packet != n
        or page.heading != n
        or page.distance != n
        or list(page.tyre_pressure) != [n % 100_000 + i for i in range(4)]
        or texts != (f"driver{n % 1_000_000:06}", f"the long way round {n % 1_000_000:06}")
        or page.position != n % 60_000
    )


def test_no_sample_of_a_clock_is_torn(modules: Any, start: Any, tmp_path: Path) -> None:
    place = tmp_path / "clock"
    assert start("ntp_clock", "file", place).stdout.readline() == "started\n"
    with modules.ntp.unit2.attach(place, wait=WATCHDOG_S) as clock:
        assert torn(clock.read, sample_is_torn) == 0
        assert torn(lambda: clock.valid, lambda valid: valid == 0) == 0
        assert clock.name == str(place)
        assert isinstance(whole(lambda: clock.leap), modules.ntp.Leap)
    tears(modules.ntp.ShmTime, place, sample_is_torn)


def test_a_system_v_segment_is_found_by_its_key(
    modules: Any, start: Any, request: pytest.FixtureRequest
) -> None:
    from shm_runtime import ForeignTableSpec, NotFound, SystemFailure, TooSmall

    key = 0x7E570000 | os.getpid() & 0xFFFF
    try:
        with pytest.raises(NotFound, match=f"no System V segment {key:#x}; hint: start its"):
            modules.ntp.unit2.attach(key)
    except SystemFailure as error:
        pytest.skip(f"no System V segments here: {error}")
    request.addfinalizer(
        lambda: subprocess.run(["ipcrm", "-M", hex(key)], check=False, timeout=WATCHDOG_S)
    )
    process = start("ntp_clock", "sysv", hex(key))
    assert process.stdout.readline() == "started\n"
    clock = modules.ntp.unit2.attach(key)
    assert torn(clock.read, sample_is_torn) == 0
    taken = whole(clock.snapshot)
    clock.close()
    with pytest.raises(ValueError, match="was closed; hint: attach to it again"):
        clock.read()
    with pytest.raises(ValueError, match="was closed"):
        taken.refresh()
    with pytest.raises(TooSmall, match="has 96 bytes, expected at least 192"):
        ForeignTableSpec(modules.ntp.ShmTime, 2, 96, key).attach()
    with pytest.raises(ValueError, match="1 to 0xffffffff, found 0"):
        modules.ntp.unit2.attach(0)


def test_no_page_of_a_simulator_is_torn(modules: Any, start: Any, tmp_path: Path) -> None:
    telemetry = modules.telemetry
    place = tmp_path / "pages"
    assert start("simulator", "run", place).stdout.readline() == "started\n"
    with telemetry.physics.attach(place) as page, telemetry.cars.attach(str(place)) as cars:
        assert torn(page.read, page_is_torn) == 0
        taken = whole(page.snapshot)

        def refreshed() -> Any:
            taken.refresh()
            return taken

        assert torn(refreshed, page_is_torn) == 0
        assert whole(lambda: page.pit_limiter) in (True, False)
        kept = telemetry.Physics()
        assert whole(lambda: page.read(out=kept)) is kept
        assert not page_is_torn(kept)

        assert len(cars) == 4
        assert torn(cars[3].read, lambda car: car.distance != car.lap) == 0
        table = whole(cars.to_numpy)
        assert (table["distance"] == table["lap"]).all()
        assert whole(lambda: cars.to_numpy(out=table)) is table
        assert whole(page.to_numpy)["packet"] > 0
        assert [row.index for row in cars] == [0, 1, 2, 3]
        assert cars[-1].index == 3
        with pytest.raises(IndexError, match="has no row 4; its rows are 0 to 3"):
            cars[4]
    tears(telemetry.Physics, place, page_is_torn)


@pytest.mark.parametrize("stop", ["stop-page", "stop-car"])
def test_a_program_that_is_killed_mid_write_is_told_of(
    modules: Any, start: Any, tmp_path: Path, stop: str
) -> None:
    from shm_runtime import Stalled

    place = tmp_path / "pages"
    process = start("simulator", stop, place)
    assert [process.stdout.readline() for _ in range(2)] == ["started\n", "stopped\n"]
    process.send_signal(signal.SIGKILL)
    process.wait(WATCHDOG_S)
    telemetry = modules.telemetry
    with telemetry.physics.attach(place) as page, telemetry.cars.attach(place) as cars:
        read = page.read if stop == "stop-page" else cars[2].read
        with pytest.raises(Stalled, match="stands in the middle of a write; hint: it was") as e:
            read()
        assert e.value.tries == 3000
        assert cars[3].read().lap == 1


def test_a_sample_that_is_not_valid_is_none(modules: Any, start: Any, tmp_path: Path) -> None:
    from shm_runtime import NotValid

    place = tmp_path / "clock"
    process = start("ntp_clock", "stop", place)
    assert [process.stdout.readline() for _ in range(2)] == ["started\n", "stopped\n"]
    with modules.ntp.unit2.attach(place) as clock, pytest.raises(NotValid, match="its mark is 0"):
        clock.read()


def test_the_kernels_answer_is_read_where_its_header_puts_it(
    modules: Any, start: Any, programs: Path
) -> None:
    offsets = run(programs / "ring_owner", "offsets")
    if offsets.returncode == 77:
        pytest.skip("no linux/io_uring.h")
    params = modules.io_uring.Params
    for line in offsets.stdout.splitlines():
        path, place = line.split()
        found, kind = 0, params
        for name in [] if path == "size" else path.split("."):
            found += kind.OFFSETS[name]
            kind = modules.io_uring.SqOffsets if name == "sq_off" else modules.io_uring.CqOffsets
        assert (found or params.SIZE * (path == "size")) == int(place), path
    owner = start("ring_owner", "memfd")
    told = owner.stdout.readline().strip()
    if not told:
        pytest.skip("this kernel lets nobody set up an io_uring")
    with modules.io_uring.params.attach(told) as ring:
        assert (ring.sq_entries, ring.cq_entries) == (8, 16)
        assert ring.flags == modules.io_uring.Setup.CLAMP
        assert modules.io_uring.Features.SINGLE_MMAP in ring.features


def test_what_cannot_be_known_is_not_there_and_nothing_is_written(
    modules: Any, tmp_path: Path
) -> None:
    place = tmp_path / "clock"
    place.write_bytes(bytes(48) + b"\1" + bytes(47))
    with modules.ntp.unit2.attach(place) as clock:
        assert clock.read().valid == 1
        for name in ("version", "age", "writer_alive", "write", "update", "unlink", "memory", "linked"):
            with pytest.raises(AttributeError, match=f"another program has no `{name}`: "):
                getattr(clock, name)
        with pytest.raises(AttributeError, match="has no attribute `colour`"):
            clock.colour  # noqa: B018 - to see what it says
        with pytest.raises(AttributeError, match="`valid` cannot be set: memory of another"):
            clock.valid = 0
        with pytest.raises(TypeError, match="expected a `ShmTime`, found a `int`"):
            clock.read(out=3)
        assert repr(clock) == f"<foreign ntp.ShmTime, row 0 of '{place}'>"
        assert clock.retries == 0
    assert clock.closed and repr(clock) == f"<foreign ntp.ShmTime, row 0 of '{place}', closed>"
    assert not hasattr(modules.ntp.unit2, "create")


def test_nothing_is_looked_for_in_a_table_that_has_no_key(modules: Any, tmp_path: Path) -> None:
    from shm_runtime import ForeignTableSpec, NoSuchKey

    place = tmp_path / "clocks"
    place.write_bytes(bytes(2 * 96))
    with ForeignTableSpec(modules.ntp.ShmTime, 2, 96, place).attach() as table:
        for key in (table[0], table.row(1).read(), 0, "ABC"):
            with pytest.raises(NoSuchKey, match="clocks` has no key; hint: rows of another"):
                key in table  # noqa: B015 - to see what it says


def test_what_is_no_file_or_too_small_is_refused_in_words(modules: Any, tmp_path: Path) -> None:
    from shm_runtime import NotASegment, NotFound, TooSmall

    place = tmp_path / "clock"
    with pytest.raises(NotFound, match="hint: start the writer first, or attach with `wait=`"):
        modules.ntp.unit2.attach(place)
    place.write_bytes(bytes(95))
    with pytest.raises(TooSmall, match="has 95 bytes, expected at least 96; hint: the program"):
        modules.ntp.unit2.attach(place)
    for other in (tmp_path, "/dev/null"):
        with pytest.raises(NotASegment, match="is not a regular file"):
            modules.ntp.unit2.attach(other)


def test_a_program_that_comes_late_is_waited_for(modules: Any, tmp_path: Path) -> None:
    place = tmp_path / "clock"

    def come() -> None:
        time.sleep(0.05)
        place.write_bytes(b"")
        time.sleep(0.05)
        place.write_bytes(bytes(96))

    late = threading.Thread(target=come)
    late.start()
    modules.ntp.unit2.attach(place, wait=WATCHDOG_S).close()
    late.join(WATCHDOG_S)


def test_numbers_that_could_be_read_half_changed_are_refused(modules: Any, tmp_path: Path) -> None:
    from shm_runtime import ForeignCellSpec, ForeignTableSpec

    car, place = modules.telemetry.Car, tmp_path / "page"
    sync = ("odd-while-writing", "seq")
    with pytest.raises(ValueError, match="is 4 bytes at 2; expected 4 or 8 bytes at a multiple"):
        ForeignCellSpec(car, place, 2, sync).attach()
    with pytest.raises(ValueError, match="guards the records"):
        ForeignTableSpec(car, 2, 37, place, 0, sync).attach()
    with pytest.raises(ValueError, match="cannot lie 35 bytes apart"):
        ForeignTableSpec(car, 2, 35, place)
    with pytest.raises(ValueError, match="there is no rule `odd`"):
        ForeignCellSpec(car, place, 0, ("odd", "seq")).attach()
    assert ctypes.sizeof(car) == 36
