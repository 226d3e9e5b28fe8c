"""Writers and readers that are processes: killed, forked, interrupted."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import market
import pytest
from conftest import WATCHDOG_S, words_of

import shm_runtime as shm

#: Writes one row as fast as it can; every number of a record is the same.
WRITER = """
import market, sys
with market.leader.create(sys.argv[1], exist_ok=True) as cell:
    n = cell.version
    record = market.Quote()
    print(n, flush=True)
    while True:
        n += 1
        record.volume = record.tick = record.checksum = n
        record.bids[4].qty = record.asks[4].qty = n & 0xFFFFFFFF
        cell.write(record)
"""


def torn(record: market.Quote) -> bool:
    n = record.volume
    same = record.tick == record.checksum == n
    return not (same and record.bids[4].qty == record.asks[4].qty == n & 0xFFFFFFFF)


def test_killed_writers_never_stop_a_reader(name: str, child: Any) -> None:
    rounds = int(os.environ.get("SHM_KILLS", "20"))
    reads = mid_write = 0
    version = -1
    for at in range(rounds):
        writer = child(WRITER, name)
        assert int(writer.stdout.readline()) >= version
        with market.leader.attach(name) as cell:
            snapshot = cell.snapshot()
            until = time.monotonic() + 0.05 + at * 0.0007
            while time.monotonic() < until:
                snapshot.refresh()
                assert not torn(snapshot)
                reads += 1
            writer.kill()
            writer.wait(WATCHDOG_S)
            assert not cell.writer_alive
            mid_write += words_of(cell)[0] & 1
            for _ in range(100):
                assert not torn(cell.read())
            version = cell.version
    assert reads > 100 * rounds
    print(f"{rounds} kills, {mid_write} of them in the middle of a write, {reads} reads, 0 torn")


def test_a_write_that_was_cut_off_is_repaired(name: str) -> None:
    with market.leader.create(name) as cell:
        cell.write(volume=1)
        with words_of(cell) as words:
            words[0] = 3
            words[2] = int.from_bytes(b"garbage!", "little")
    with market.leader.attach(name) as reader:
        assert reader.volume == 1 and reader.version == 1
        with market.leader.create(name, exist_ok=True) as cell:
            cell.write(volume=2)
            assert (reader.volume, reader.version, reader.symbol) == (2, 2, "")


def test_a_stopped_writer_does_not_stop_a_reader(name: str, child: Any) -> None:
    writer = child(WRITER, name)
    writer.stdout.readline()
    with market.leader.attach(name) as cell:
        for _ in range(20):
            writer.send_signal(signal.SIGSTOP)
            for _ in range(200):
                assert not torn(cell.read())
            writer.send_signal(signal.SIGCONT)
            time.sleep(0.001)
        assert cell.writer_alive


def test_ctrl_c_in_a_write_publishes_it_or_nothing(name: str, child: Any) -> None:
    program = """
import market, signal, sys
cell = market.leader.create(sys.argv[1])
record, n, stops, armed = market.Quote(), 0, 0, False
def interrupt(*_):
    global armed
    if armed:
        armed = False
        raise KeyboardInterrupt
signal.signal(signal.SIGINT, interrupt)
while stops < 50:
    try:
        armed = True
        print(stops, flush=True)
        while True:
            n += 1
            record.volume = record.tick = record.checksum = n
            record.bids[4].qty = record.asks[4].qty = n & 0xFFFFFFFF
            cell.write(record)
    except KeyboardInterrupt:
        stops += 1
cell.write(market.Quote(volume=n, tick=n, checksum=n), bids=[{"qty": n}] * 5, asks=[{"qty": n}] * 5)
print("done", flush=True)
sys.stdin.read()
"""
    writer = child(program, name)
    assert writer.stdout.readline() == "0\n"
    with market.leader.attach(name) as cell:
        for stop in range(1, 51):
            for _ in range(50):
                assert not torn(cell.read())
            writer.send_signal(signal.SIGINT)
            if stop < 50:
                assert writer.stdout.readline() == f"{stop}\n"
        assert writer.stdout.readline() == "done\n"
        assert words_of(cell)[0] % 2 == 0 and not torn(cell.read())


def in_child(work: Any) -> str:
    """What ``work`` gives in a forked child, or the error it raises."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            said = str(work())
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        os.write(write, said.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as file:
        said = file.read()
    os.waitpid(pid, 0)
    return said


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_child_reads_and_does_not_write(name: str) -> None:
    with market.leader.create(name) as cell:
        cell.write(volume=5)
        assert in_child(lambda: cell.volume) == "5"
        assert in_child(lambda: cell.writer_alive) == "True"
        assert in_child(lambda: cell.write(volume=6)).startswith("Forked: a forked child cannot")
        assert in_child(cell.unlink).startswith("Forked:")
        assert in_child(lambda: market.leader.create(name, exist_ok=True)).startswith("WriterBusy:")
        assert in_child(cell.close) == "None"
        cell.write(volume=7)
        assert cell.volume == 7


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_does_not_keep_the_lock_of_its_dead_parent(name: str, child: Any) -> None:
    program = """
import market, os, sys
cell = market.leader.create(sys.argv[1])
cell.write(volume=5)
pid = os.fork()
if pid == 0:
    sys.stdin.read()
    os._exit(0)
print(pid, flush=True)
"""
    parent = child(program, name)
    forked = int(parent.stdout.readline())
    assert parent.wait(WATCHDOG_S) == 0
    os.kill(forked, 0)
    with market.leader.create(name, exist_ok=True) as cell:
        assert cell.volume == 5
    os.kill(forked, signal.SIGKILL)


#: Two processes with the same handles, one of which outlives the other. The
#: pipe ends when the last of its writers does, and only the first is left one.
FAMILY = """
import faulthandler, market, os, sys
faulthandler.enable()
name, first = sys.argv[1:]
cell, table = market.leader.create(name), market.quotes.create(name + ".quotes")
cell.write(volume=5)
table[17].write(volume=17)
handles = [market.leader.attach(name), market.quotes.attach(name + ".quotes")]
row, snapshot, method = table[17], cell.snapshot(), handles[0].read
ended, end = os.pipe()
who = "parent" if os.fork() else "child"
if who != first:
    os.close(end)
    assert os.read(ended, 1) == b""
    if who == "parent":
        assert os.wait()[1] == 0
snapshot.refresh()
written = 6 if first == "parent" and who == "child" else 5
assert cell.volume == snapshot.volume == handles[0].volume == method().volume == written
assert row.volume == handles[1][17].read().volume == 17
if who == "parent":
    cell.write(volume=6)
    assert handles[0].volume == 6
print(who, flush=True)
"""


@pytest.mark.parametrize("order", [["child", "parent"], ["parent", "child"]])
def test_a_parent_and_its_child_end_in_either_order(
    name: str, child: Any, order: list[str]
) -> None:
    family = child(FAMILY, name, order[0])
    said, errors = family.communicate(timeout=WATCHDOG_S)
    assert (said.split(), errors, family.returncode) == (order, "", 0)
    with market.leader.create(name, exist_ok=True) as cell:
        assert cell.volume == 6 and cell.version == 2


#: What may be left of handles when an interpreter ends.
ENDINGS = {
    "names": "keep = [cell, row, snapshot, cell.read, row.write]",
    "a cycle": "keep = [cell, row, snapshot]; keep.append(keep); snapshot = None",
    "a module": "sys.kept = cell; builtins.kept = row.read; del cell",
    "an exit function": "atexit.register(lambda: print(cell.volume + row.volume))",
    "an exit function that closes": "atexit.register(cell.close); atexit.register(table.close)",
    "a finalizer": """
class Late:
    def __init__(self, *handles): self.handles = handles
    def __del__(self): self.handles[2].refresh(); self.handles[0].volume; self.handles[1].read()
keep = Late(cell, row, snapshot); keep.itself = keep""",
    "an exception": "raise SystemExit(0)",
    "a thread that goes on": """
def work():
    while True: cell.volume; row.read(); snapshot.refresh(); table.to_numpy()
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.05)""",
    "a thread that ends later": """
def work():
    threading.main_thread().join()
    for _ in range(100): cell.volume; row.write(volume=3); snapshot.refresh(); table.to_numpy()
    print("later")
threading.Thread(target=work).start()""",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_interpreter_ends_with_handles_left(name: str, child: Any, ending: str) -> None:
    if "thread" in ending:
        pytest.importorskip("numpy")
    program = f"""
import atexit, builtins, faulthandler, market, sys, threading, time
faulthandler.enable()
cell, table = market.leader.create(sys.argv[1]), market.quotes.create(sys.argv[1] + ".quotes")
cell.write(volume=5)
row, snapshot = table[17], cell.snapshot()
{ENDINGS[ending]}
"""
    ended = child(program, name)
    said, errors = ended.communicate(timeout=WATCHDOG_S)
    assert (errors, ended.returncode) == ("", 0)
    expected = {"an exit function": "5\n", "a thread that ends later": "later\n"}
    assert said == expected.get(ending, "")
    with market.leader.create(name, exist_ok=True) as cell:
        assert cell.volume == 5


def test_one_of_many_creators_wins(name: str, child: Any) -> None:
    program = """
import market, shm_runtime, sys
print("ready", flush=True)
sys.stdin.readline()
try:
    cell = market.leader.create(sys.argv[1])
    print("won", flush=True)
except shm_runtime.AlreadyExists:
    print("lost", flush=True)
sys.stdin.read()
"""
    for at in range(10):
        contenders = [child(program, f"{name}.{at}") for _ in range(4)]
        for contender in contenders:
            assert contender.stdout.readline() == "ready\n"
        for contender in contenders:
            contender.stdin.write("go\n")
            contender.stdin.flush()
        results = [contender.stdout.readline() for contender in contenders]
        assert sorted(results) == ["lost\n"] * 3 + ["won\n"], results
        for contender in contenders:
            contender.stdin.close()
            contender.wait(WATCHDOG_S)


def test_a_reader_that_ends_removes_nothing(name: str, child: Any) -> None:
    with market.leader.create(name) as cell:
        cell.write(volume=5)
        inode = os.stat(f"/dev/shm/{name}").st_ino
        for ending in (
            "",
            "import os; os._exit(1)",
            "import os; os.kill(os.getpid(), 9)",
            "1 // 0",
        ):
            reader = child(
                f"import market, sys\nc = market.leader.attach(sys.argv[1])\nc.volume\n{ending}",
                name,
            )
            reader.wait(WATCHDOG_S)
        assert os.stat(f"/dev/shm/{name}").st_ino == inode and cell.volume == 5


def test_a_killed_creator_leaves_nothing(name: str, child: Any) -> None:
    program = """
import shm_runtime._create as create, market, os, sys
def die(*_): os.kill(os.getpid(), 9)
create.Place.link = die
market.leader.create(sys.argv[1])
"""
    creator = child(program, name)
    assert creator.wait(WATCHDOG_S) == -signal.SIGKILL
    assert not os.path.exists(f"/dev/shm/{name}")
    with pytest.raises(shm.NotFound):
        market.leader.attach(name)
