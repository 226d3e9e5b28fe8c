"""What on this machine costs latency, and what to do about each.

    python -m shm_runtime doctor [--json]

Each probe looks at one thing and never fails: it reports what it cannot read as
unknown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable, NamedTuple

from ._backend import BACKEND, VERSION, WHY
from ._latency import DEVICE, idle_states, is_virtual

#: Bytes that containers get for ``/dev/shm`` unless told otherwise.
_CONTAINER_SHM = 64 << 20
_FAST_CLOCKS = ("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page")
_CPU = "sys/devices/system/cpu"


class Finding(NamedTuple):
    """What a probe found."""

    name: str
    #: ``fine``, ``costs``, ``note`` (no fault, but good to know), ``unknown``.
    verdict: str
    found: str
    #: What it costs or means; may be empty.
    why: str = ""
    #: What to do about it; may be empty.
    hint: str = ""


class Machine:
    """Where the probes look: this machine, or for tests files and numbers."""

    def __init__(self, root: str = "/", **known: Any) -> None:
        self.root = root
        self.backend: str = known.get("backend", BACKEND)
        #: Why the extension is not used.
        self.why_pure: str = known.get("why_pure", WHY)
        #: Of this interpreter, as `sysconfig` has it.
        self.config: Callable[[str], Any] = known.get("config", sysconfig.get_config_var)
        self.cores: set[int] = known.get("cores", os.sched_getaffinity(0))
        #: The soft limit of locked memory, in bytes.
        self.memlock: int = known.get("memlock", resource.getrlimit(resource.RLIMIT_MEMLOCK)[0])
        self._statvfs: Callable[[str], Any] = known.get("statvfs", os.statvfs)
        self._writable: Callable[[str], bool] = known.get(
            "writable", lambda path: os.access(path, os.W_OK)
        )

    def text(self, path: str) -> str | None:
        """A file's text without its last newline; ``None`` when there is none."""
        try:
            return Path(self.root, path).read_text(encoding="utf-8", errors="replace").rstrip("\n")
        except OSError:
            return None

    def number(self, path: str) -> int | None:
        """A file's number; ``None`` when it holds none."""
        try:
            return int(self.text(path) or "")
        except ValueError:
            return None

    def load(self) -> float | None:
        """Programs that ran or waited for a core, over the last minute."""
        try:
            return float((self.text("proc/loadavg") or "").split()[0])
        except (IndexError, ValueError):
            return None

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return Path(self.root, path).exists()

    def may_write(self, path: str) -> bool:
        """Whether this user may write to it."""
        return self._writable(os.path.join(self.root, path))

    def room(self, path: str) -> tuple[int, int] | None:
        """Size of a file system and what is free of it, in bytes."""
        try:
            found = self._statvfs(os.path.join(self.root, path))
        except OSError:
            return None
        return found.f_blocks * found.f_frsize, found.f_bavail * found.f_frsize

    def mount(self, path: str) -> tuple[str, str] | None:
        """Type and options of what is mounted at a path."""
        for line in reversed((self.text("proc/self/mounts") or "").splitlines()):
            fields = line.split()
            if len(fields) > 3 and fields[1] == path:
                return fields[2], fields[3]
        return None

    def group(self, file: str, controller: str, old: str) -> str | None:
        """A limit of this process's control group: of version 2, or of 1."""
        for line in (self.text("proc/self/cgroup") or "").splitlines():
            _, controllers, path = (line.split(":", 2) + ["", ""])[:3]
            inside = path.strip("/")
            # In a container the path is that of the host, and what is mounted
            # is the group itself.
            if not controllers:
                places = [f"{inside}/{file}", file]
            elif controller in controllers.split(","):
                places = [f"{controller}/{inside}/{old}", f"{controller}/{old}"]
            else:
                continue
            for place in places:
                text = self.text(f"sys/fs/cgroup/{place}")
                if text is not None:
                    return text
        return None


def examine(machine: Machine) -> list[Finding]:
    """What every probe found."""
    return [finding for probe in PROBES for finding in probe(machine)]


def _backend(machine: Machine) -> Iterator[Finding]:
    if machine.backend == "native":
        yield Finding("backend", "fine", f"native, version {VERSION}")
        return
    why, _, hint = machine.why_pure.partition("; hint: ")
    yield Finding(
        "backend",
        "costs",
        f"pure Python, version {VERSION}: {why}",
        "a field costs about six times that of the native one, and touches four times as many "
        "cache lines after a pause",
        hint,
    )


def _python(machine: Machine) -> Iterator[Finding]:
    version = f"{platform.python_implementation()} {platform.python_version()}"
    arguments = str(machine.config("CONFIG_ARGS") or "")
    slow = []
    if machine.config("Py_DEBUG"):
        slow.append("a debug build")
    if machine.config("Py_GIL_DISABLED"):
        slow.append("without the GIL, which the native backend needs")
    if "-O0" in str(machine.config("PY_CFLAGS") or machine.config("CFLAGS") or "").split():
        slow.append("compiled with -O0")
    if slow:
        yield Finding(
            "Python build",
            "costs",
            f"{version}, {', '.join(slow)}",
            "every step of the interpreter is slower",
            "use a release build with the GIL",
        )
    elif "--enable-optimizations" in arguments:
        lto = " and link-time" if "--with-lto" in arguments else ""
        yield Finding("Python build", "fine", f"{version}, with profile-guided{lto} optimisation")
    else:
        yield Finding(
            "Python build",
            "costs",
            f"{version}, without profile-guided optimisation",
            "the interpreter is some 10 to 30 % slower",
            "use a distribution's build, or configure with `--enable-optimizations --with-lto`",
        )


def _cores(machine: Machine) -> Iterator[Finding]:
    allowed = len(machine.cores)
    online = machine.text(f"{_CPU}/online") or "unknown"
    found = f"{allowed} may be used, of {online} online"
    if allowed < 2:
        yield Finding(
            "processor cores",
            "costs",
            found,
            "writer and reader take turns on one core, milliseconds each",
            "allow a second core: `taskset`, `--cpuset-cpus`",
        )
    else:
        yield Finding("processor cores", "fine", found)
    load = machine.load()
    if load is not None:
        busy = load > allowed
        yield Finding(
            "load",
            "costs" if busy else "fine",
            f"{load:.1f} over the last minute, on {allowed} cores",
            "who wakes up waits for a core" if busy else "",
            "stop what else runs, or give the reader a core of its own: `isolcpus`, `cpuset`"
            if busy
            else "",
        )
    nodes = machine.text("sys/devices/system/node/online")
    if nodes not in (None, "0"):
        yield Finding(
            "memory nodes",
            "note",
            f"nodes {nodes}",
            "a record that was written at another node takes about twice as long to fetch",
            "keep writer and readers on one: `numactl --cpunodebind=0 --membind=0`",
        )


def _limits(machine: Machine) -> Iterator[Finding]:
    quota = machine.group("cpu.max", "cpu", "cpu.cfs_quota_us")
    first = (quota or "max").split()[0]
    if quota is None:
        yield Finding("processor limit", "unknown", "no control group to be read")
    elif first in ("max", "-1"):
        yield Finding("processor limit", "fine", "none")
    else:
        yield Finding(
            "processor limit",
            "costs",
            f"`{quota}` (microseconds of a period)",
            "who has used up the quota stands still for the rest of the period, up to 100 ms",
            "raise it (`--cpus`), or give whole cores: `--cpuset-cpus`",
        )
    memory = machine.group("memory.max", "memory", "memory.limit_in_bytes")
    # Version 1 says "none" by the largest number of whole pages.
    if memory is not None and memory.isdigit() and int(memory) < 1 << 62:
        yield Finding(
            "memory limit",
            "note",
            _bytes(int(memory)),
            "segments count towards the group that touched their pages first",
        )
    if machine.has(".dockerenv") or machine.has("run/.containerenv"):
        yield Finding(
            "container",
            "note",
            "this is one",
            "its `/dev/shm`, devices and limits are its own",
            "share segments with others by `--ipc`",
        )


def _idle(machine: Machine) -> Iterator[Finding]:
    states = idle_states(machine.root)
    if not states:
        yield Finding(
            "idle states",
            "unknown",
            "the kernel lists none",
            "a core that has nothing to do halts as the kernel or its host likes",
            "poll every millisecond or less, or call `row.warm()` just before a read",
        )
    else:
        driver = machine.text(f"{_CPU}/cpuidle/current_driver") or "unknown driver"
        listed = ", ".join(f"{name} ({exit_us} us)" for name, exit_us in states)
        worst = max(exit_us for _, exit_us in states)
        yield Finding(
            "idle states",
            "costs" if worst else "fine",
            f"{driver}: {listed}",
            "a core that was idle comes back so much later, and with cold caches" if worst else "",
            "`with shm_runtime.low_latency():`, which keeps idle cores awake at full power"
            if worst
            else "",
        )
    device = f"/{DEVICE}"
    if not machine.has(DEVICE):
        yield Finding(
            device,
            "note",
            "there is none",
            "`low_latency()` can do nothing",
            "run the container with `--device /dev/cpu_dma_latency`",
        )
    elif not machine.may_write(DEVICE):
        yield Finding(
            device,
            "note",
            "this user may not write to it",
            "`low_latency()` can do nothing",
            "run as root, or let root give the device to a group by a udev rule",
        )
    else:
        yield Finding(device, "fine", "`low_latency()` can use it")
    if is_virtual(machine.root):
        yield Finding(
            "virtual machine",
            "note",
            "this is one",
            "its host decides when cores sleep and who else uses their caches",
            "pin its processors on the host, and let it poll (`haltpoll`, `idle=poll`)",
        )


def _frequency(machine: Machine) -> Iterator[Finding]:
    governor = machine.text(f"{_CPU}/cpu0/cpufreq/scaling_governor")
    if governor is None:
        yield Finding("frequency governor", "unknown", "the kernel shows none")
    elif governor == "performance":
        yield Finding("frequency governor", "fine", governor)
    else:
        yield Finding(
            "frequency governor",
            "costs",
            governor,
            "a core that wakes up starts at a low frequency",
            "`cpupower frequency-set -g performance`",
        )


def _clock(machine: Machine) -> Iterator[Finding]:
    source = machine.text("sys/devices/system/clocksource/clocksource0/current_clocksource")
    if source is None:
        yield Finding("clock source", "unknown", "the kernel shows none")
    elif source in _FAST_CLOCKS:
        yield Finding("clock source", "fine", source)
    else:
        yield Finding(
            "clock source",
            "costs",
            source,
            "each look at the clock is a system call of about a microsecond, for the stamp of "
            "each write and for your timer",
            "boot with `clocksource=tsc tsc=reliable`, if the processor's is",
        )
    slack = machine.number("proc/self/timerslack_ns")
    if slack is not None and slack > 1000:
        yield Finding(
            "timer slack",
            "costs",
            f"{slack // 1000} us",
            "each sleep of this process may end so much later",
            "`echo 1 > /proc/self/timerslack_ns`, or `prctl(PR_SET_TIMERSLACK, 1)`, in each thread",
        )


def _shared_memory(machine: Machine) -> Iterator[Finding]:
    room = machine.room("dev/shm")
    mount = machine.mount("/dev/shm")
    if room is None:
        yield Finding(
            "/dev/shm",
            "costs",
            "there is none",
            "segments have names only there",
            "mount a tmpfs, or give segments paths",
        )
        return
    size, free = room
    files = _files(machine)
    found = f"{_bytes(size)}, {_bytes(free)} free{files}"
    if mount is not None and mount[0] != "tmpfs":
        yield Finding(
            "/dev/shm",
            "costs",
            f"{mount[0]}, {found}",
            "what is written goes to a disk as well",
            "mount a tmpfs there",
        )
    elif size <= _CONTAINER_SHM or free < size // 10:
        yield Finding(
            "/dev/shm",
            "costs",
            found,
            "a segment that does not fit is refused when it is created",
            "remove what nobody uses; `--shm-size`, or `mount -o remount,size=... /dev/shm`",
        )
    else:
        yield Finding("/dev/shm", "fine", found)


def _files(machine: Machine) -> str:
    try:
        return f", {len(os.listdir(os.path.join(machine.root, 'dev/shm')))} files"
    except OSError:
        return ""


def _memory(machine: Machine) -> Iterator[Finding]:
    huge = machine.text("sys/kernel/mm/transparent_hugepage/shmem_enabled")
    chosen = None if huge is None else huge.partition("[")[2].partition("]")[0]
    mount = machine.mount("/dev/shm")
    if mount is not None and "huge=" in mount[1] and "huge=never" not in mount[1]:
        yield Finding("huge pages", "fine", f"/dev/shm is mounted with `{mount[1]}`")
    elif chosen in ("always", "force", "within_size"):
        yield Finding("huge pages", "fine", f"of shared memory: {chosen}")
    elif chosen:
        yield Finding(
            "huge pages",
            "note",
            f"of shared memory: {chosen}",
            "a table of many megabytes has a page for each 4 KiB, and a cold read walks the page "
            "tables",
            "`mount -o remount,huge=within_size /dev/shm` before the segment is created",
        )
    else:
        yield Finding("huge pages", "unknown", "the kernel does not say")
    swaps = (machine.text("proc/swaps") or "").splitlines()[1:]
    if swaps:
        yield Finding(
            "swap",
            "note",
            f"{len(swaps)} in use or ready",
            "pages of a segment that nobody touches can be swapped out",
            "`swapoff -a`, or `vm.swappiness=1`; `keep_warm` touches a record",
        )
    lock = machine.memlock
    unlimited = lock == resource.RLIM_INFINITY or lock < 0
    yield Finding(
        "locked memory limit",
        "fine" if unlimited else "note",
        "none" if unlimited else _bytes(lock),
        "" if unlimited else "`mlock` of a larger segment fails; that alone makes no read faster",
        "" if unlimited else "`ulimit -l unlimited`, if pages must never be swapped out",
    )


#: In the order in which they are shown.
PROBES: tuple[Callable[[Machine], Iterator[Finding]], ...] = (
    _backend,
    _python,
    _cores,
    _limits,
    _idle,
    _frequency,
    _clock,
    _shared_memory,
    _memory,
)


def _bytes(number: int) -> str:
    size = float(number)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.4g} {unit}"
        size /= 1024
    return f"{size:.4g} TiB"


def shown(findings: list[Finding]) -> str:
    """The findings as text."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.verdict:8} {finding.name}: {finding.found}")
        if finding.why:
            lines.append(f"{'':9}{finding.why}")
        if finding.hint:
            lines.append(f"{'':9}hint: {finding.hint}")
    costs = sum(finding.verdict == "costs" for finding in findings)
    lines.append(f"{costs} of {len(findings)} cost latency")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    """Prints what was found."""
    parser = argparse.ArgumentParser(
        prog="python -m shm_runtime doctor",
        description="What on this machine costs latency, and what to do about each.",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    chosen = parser.parse_args(arguments)
    findings = examine(Machine())
    if chosen.json:
        text = json.dumps([finding._asdict() for finding in findings], indent=1)
    else:
        text = shown(findings)
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main()
