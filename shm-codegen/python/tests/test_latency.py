"""What makes a first access dear, and what is done about it."""

from __future__ import annotations

import gc
import os
import stat
import sys
import time
import weakref
from pathlib import Path
from typing import Any, Callable

import market
import pytest
from conftest import WATCHDOG_S, run

import shm_runtime as shm
from shm_runtime import _latency, _segment

DEVICE = Path("/dev/cpu_dma_latency")


def wait_until(what: str, happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WATCHDOG_S
    while not happened():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.001)


def mapped_kib(name: str) -> int:
    """Of the mappings of a segment, the most that one has in the page tables."""
    # A creator's mapping does not have the name: its file had none then.
    found, wanted, inode = 0, False, str(Path("/dev/shm", name).stat().st_ino)
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.partition(" ")[0]:
            wanted = line.split()[4] == inode and "/dev/shm/" in line
        elif wanted and line.startswith("Rss:"):
            found = max(found, int(line.split()[1]))
    return found


@pytest.mark.parametrize("advice", [22, 9999], ids=["advice", "an old kernel"])
def test_every_page_is_mapped_when_it_is_asked_for(
    name: str, advice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_segment, "_POPULATE_READ", advice)
    spec: Any = shm.TableSpec(market.Quote, 4000)
    spec.create(name).close()
    size_kib = Path("/dev/shm", name).stat().st_size // 1024
    assert size_kib > 400
    with spec.attach(name) as reader:
        assert mapped_kib(name) < size_kib / 2
    with spec.attach(name, prefault=True) as reader:
        assert mapped_kib(name) >= size_kib
        assert len(reader) == 4000
    with spec.create(name, exist_ok=True, prefault=True):
        assert mapped_kib(name) >= size_kib


def test_a_generated_segment_takes_the_same_option(name: str) -> None:
    with market.quotes.create(name, prefault=True) as writer:
        assert mapped_kib(name) >= Path("/dev/shm", name).stat().st_size // 1024
        with market.quotes.attach(name, prefault=True) as reader:
            assert len(reader) == len(writer)
    with market.leader.create(name + ".cell", prefault=True) as cell:
        assert cell.version == 0


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine of files: two idle states, a device that takes anything."""
    for number, (state, exit_us) in enumerate([("POLL", 0), ("C6", 133)]):
        folder = tmp_path / _latency.STATES / f"state{number}"
        folder.mkdir(parents=True)
        (folder / "name").write_text(f"{state}\n")
        (folder / "latency").write_text(f"{exit_us}\n")
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/cpuinfo").write_text("processor\t: 0\nflags\t\t: fpu hypervisor avx\n")
    (tmp_path / "dev").mkdir()
    (tmp_path / _latency.DEVICE).write_bytes(b"")
    return tmp_path


def test_the_request_is_held_until_it_is_closed(root: Path) -> None:
    with shm.LowLatency(str(root)) as request:
        assert request.held and request.problem is None and request.is_virtual
        assert request.states == (shm.IdleState("POLL", 0), shm.IdleState("C6", 133))
        assert (root / _latency.DEVICE).read_bytes() == bytes(4)
        assert "held at 0 us" in str(request) and "`C6` (133 us)" in str(request)
        assert "POLL" not in str(request) and "virtual machine" in str(request)
    assert not request.held and str(request) == "the request was taken back"
    request.close()


def test_a_request_nobody_keeps_is_taken_back(root: Path) -> None:
    before = os.listdir("/proc/self/fd")
    for _ in range(10):
        shm.LowLatency(str(root))
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) == len(before)


def test_a_machine_without_the_device_is_no_error(tmp_path: Path) -> None:
    with shm.LowLatency(str(tmp_path)) as request:
        assert not request.held and request.states == () and not request.is_virtual
        assert "there is no `/dev/cpu_dma_latency`; hint: a container gets it by" in str(request)


def test_a_machine_without_the_permission_is_no_error(root: Path) -> None:
    (root / _latency.DEVICE).chmod(stat.S_IRUSR)
    program = (
        "import os, shm_runtime as shm; os.getuid() or os.setuid(65534); "
        "print(shm.LowLatency(sys.argv[1]))"
    )
    for folder in (root, *list(root.parents)[:2]):
        folder.chmod(0o755)
    done = run(
        sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}", root,
        env={**os.environ, "SHM_RUNTIME_BACKEND": shm.BACKEND},
    )  # fmt: skip
    assert "no permission to write `/dev/cpu_dma_latency`; hint: run as root" in done.stdout, done


def test_what_no_other_message_fits_is_quoted(root: Path) -> None:
    (root / _latency.DEVICE).unlink()
    (root / _latency.DEVICE).mkdir()
    assert "cannot write `/dev/cpu_dma_latency`: is a directory" in str(shm.LowLatency(str(root)))


def test_a_kernel_that_names_no_state_is_said(root: Path) -> None:
    (root / _latency.STATES / "state1/latency").write_text("none\n")
    request = shm.LowLatency(str(root))
    assert request.held and request.states == (shm.IdleState("POLL", 0),)
    assert "may change nothing; hint: boot with `idle=poll`" in str(request)


def test_a_forked_child_does_not_hold_its_parents_request(root: Path) -> None:
    request = shm.LowLatency(str(root))
    child = os.fork()
    if child == 0:
        os._exit(0 if not request.held and "with the parent" in str(request) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert request.held


def test_this_machine_answers() -> None:
    request = shm.low_latency()
    assert request.held == (request.problem is None)
    assert request.held or not os.access(DEVICE, os.W_OK)
    request.close()


def test_warming_reads_what_it_is_told_to(name: str) -> None:
    with market.quotes.create(name) as writer:
        row = writer[3]
        row.warm()
        row.write(volume=5)
        row.warm("volume", "symbol")
        assert row.volume == 5 and row.version == 1
        with pytest.raises(AttributeError):
            row.warm("nothing")
        with pytest.raises(AttributeError):
            row.keep_warm("nothing")
        for bad in (0, -1.0, float("nan"), float("inf")):
            with pytest.raises(ValueError, match="`every` is a time in seconds"):
                row.keep_warm(every=bad)
        writer.unlink()
        with pytest.raises(shm.Retired):
            row.warm()
    with pytest.raises(shm.Closed):
        row.warm()


def test_warming_reads_every_field(name: str) -> None:
    with market.leader.create(name) as writer:
        reads: list[str] = []

        class Watched:
            _names = writer._names

            def read(self) -> None:
                reads.append("read")

            def __getattr__(self, field: str) -> None:
                reads.append(field)
                raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "not text")

        shm._warm.warm(Watched(), ())
        assert reads[0] == "read" and {"symbol", "symbol_raw", "volume"} <= set(reads)


def test_a_record_is_kept_warm_while_somebody_wants_it(name: str) -> None:
    with market.leader.create(name) as writer:
        with writer.keep_warm("volume", every=0.001) as keeper:
            assert keeper.running and keeper.every == 0.001
            wait_until("it was read", lambda: keeper.touches > 3)
            assert keeper.seconds > 0 and "% of a core" in str(keeper)
            assert repr(keeper).startswith("<running: read ")
        assert not keeper.running and keeper.problem is None
        first, second = writer.keep_warm(every=3600), writer.keep_warm(every=0.001)
        wait_until("the quicker one was read", lambda: second.touches > 3)  # noqa: F821
        assert first.touches == 0
        gone = weakref.ref(second)
        del second
        wait_until("nobody keeps it", lambda: gone() is None)
        first.stop()
        first.stop()


def test_closing_ends_it(name: str) -> None:
    writer = market.leader.create(name)
    keeper = writer.keep_warm(every=0.0001)
    wait_until("it was read", lambda: keeper.touches > 0)
    writer.close()
    assert not keeper.running
    touches = keeper.touches
    time.sleep(0.01)
    assert keeper.touches <= touches + 1 and keeper.problem is None


def test_the_end_of_the_segment_ends_it(name: str) -> None:
    with market.leader.create(name) as writer, market.leader.attach(name) as reader:
        keeper = reader.keep_warm(every=0.001)
        writer.unlink()
        wait_until("it noticed", lambda: not keeper.running)
        assert isinstance(keeper.problem, shm.Retired)


# That only the forking thread goes on in the child is what this is about.
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_keeps_nothing_warm_and_can_begin_again(name: str) -> None:
    with market.leader.create(name) as writer:
        keeper = writer.keep_warm(every=0.001)
        wait_until("it was read", lambda: keeper.touches > 0)
        child = os.fork()
        if child == 0:
            fine = not keeper.running
            again = writer.keep_warm(every=0.001)
            while again.touches < 3:
                time.sleep(0.001)
            os._exit(0 if fine and again.running else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        touches = keeper.touches
        wait_until("the parent goes on", lambda: keeper.touches > touches)


@pytest.mark.parametrize("ending", ["", "cell.close()", "sys.exit(0)", "del keeper"])
def test_a_program_ends_while_it_keeps_a_record_warm(
    name: str, ending: str, bindings: Path
) -> None:
    program = f"""
import sys, time, market
cell = market.leader.create({name!r})
keeper = cell.keep_warm(every=0.0001)
while keeper.touches < 3:
    time.sleep(0.001)
{ending}
"""
    done = run(
        sys.executable, "-X", "dev", "-W", "error", "-c", program,
        env={**os.environ, "PYTHONPATH": str(bindings)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
