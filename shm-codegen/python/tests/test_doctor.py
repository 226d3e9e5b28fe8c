"""What the doctor says of machines, this one and made-up ones."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import run

import shm_runtime as shm
from shm_runtime import doctor

GIB = 1 << 30
GOOD = {
    "sys/devices/system/cpu/online": "0-7",
    "sys/devices/system/cpu/cpuidle/current_driver": "intel_idle",
    "sys/devices/system/cpu/cpu0/cpuidle/state0/name": "POLL",
    "sys/devices/system/cpu/cpu0/cpuidle/state0/latency": "0",
    "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance",
    "sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc",
    "sys/devices/system/node/online": "0",
    "sys/fs/cgroup/me/cpu.max": "max 100000",
    "sys/kernel/mm/transparent_hugepage/shmem_enabled": "always [within_size] advise never",
    "proc/loadavg": "0.10 0.10 0.10 1/100 1",
    "proc/self/cgroup": "0::/me",
    "proc/self/mounts": "tmpfs /dev/shm tmpfs rw,nosuid 0 0",
    "proc/self/timerslack_ns": "1",
    "proc/cpuinfo": "flags\t: fpu",
    "proc/swaps": "Filename Type Size Used Priority",
    "dev/cpu_dma_latency": "",
    "dev/shm/one": "",
}


class Made:
    """A machine of files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.known: dict[str, Any] = {
            "backend": "native",
            "config": {"CONFIG_ARGS": "'--enable-optimizations' '--with-lto'"}.get,
            "cores": {0, 1, 2, 3},
            "memlock": -1,
            "statvfs": lambda _: SimpleNamespace(f_blocks=8, f_bavail=7, f_frsize=GIB),
            "writable": lambda _: True,
        }
        for path, text in GOOD.items():
            self.write(path, text)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")

    def findings(self) -> dict[str, doctor.Finding]:
        found = doctor.examine(doctor.Machine(str(self.root), **self.known))
        assert len({finding.name for finding in found}) == len(found)
        return {finding.name: finding for finding in found}


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return Made(tmp_path)


def test_a_machine_without_faults_has_none(made: Made) -> None:
    found = made.findings()
    assert {f.verdict for f in found.values()} == {"fine"}, found
    assert not any(f.hint or f.why for f in found.values())
    assert found["/dev/shm"].found == "8 GiB, 7 GiB free, 1 files"
    assert doctor.shown([*found.values()]).endswith(f"0 of {len(found)} cost latency")


#: What is changed of a good machine; whose finding that is; what it then is.
FAULTS = [
    ({"backend": "pure", "why_pure": "it is not installed; hint: install it"}, "backend", "costs"),
    ({"config": {"Py_DEBUG": 1}.get}, "Python build", "costs"),
    ({"config": {"Py_GIL_DISABLED": 1}.get}, "Python build", "costs"),
    ({"config": {"CFLAGS": "-g -O0"}.get}, "Python build", "costs"),
    ({"config": {}.get}, "Python build", "costs"),
    ({"cores": {3}}, "processor cores", "costs"),
    ({"proc/loadavg": "4.5 1 1 1/1 1"}, "load", "costs"),
    ({"sys/devices/system/node/online": "0-1"}, "memory nodes", "note"),
    ({"sys/fs/cgroup/me/cpu.max": "50000 100000"}, "processor limit", "costs"),
    ({"sys/fs/cgroup/me/memory.max": "67108864"}, "memory limit", "note"),
    ({".dockerenv": ""}, "container", "note"),
    ({"sys/devices/system/cpu/cpu0/cpuidle/state1/name": "C6",
      "sys/devices/system/cpu/cpu0/cpuidle/state1/latency": "133"}, "idle states", "costs"),
    ({"writable": lambda _: False}, "/dev/cpu_dma_latency", "note"),
    ({"proc/cpuinfo": "flags\t: fpu hypervisor"}, "virtual machine", "note"),
    ({"sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "powersave"}, "frequency governor",
     "costs"),
    ({"sys/devices/system/clocksource/clocksource0/current_clocksource": "hpet"}, "clock source",
     "costs"),
    ({"proc/self/timerslack_ns": "50000"}, "timer slack", "costs"),
    ({"statvfs": lambda _: SimpleNamespace(f_blocks=64, f_bavail=64, f_frsize=1 << 20)},
     "/dev/shm", "costs"),
    ({"statvfs": lambda _: SimpleNamespace(f_blocks=64, f_bavail=6, f_frsize=GIB)},
     "/dev/shm", "costs"),
    ({"proc/self/mounts": "/dev/sda /dev/shm ext4 rw 0 0"}, "/dev/shm", "costs"),
    ({"sys/kernel/mm/transparent_hugepage/shmem_enabled": "always [never]"}, "huge pages", "note"),
    ({"proc/swaps": "Filename Type\n/dev/sda2 partition"}, "swap", "note"),
    ({"memlock": 65536}, "locked memory limit", "note"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "name", "verdict"),
    FAULTS,
    ids=[f"{name}-{at}" for at, (_, name, _) in enumerate(FAULTS)],
)
def test_a_fault_is_found_and_told_what_to_do(
    made: Made, change: dict[str, Any], name: str, verdict: str
) -> None:
    for what, value in change.items():
        if "/" in what or what.startswith("."):
            made.write(what, value)
        else:
            made.known[what] = value
    found = made.findings()
    finding = found.pop(name)
    assert finding.verdict == verdict and finding.found and finding.why, finding
    assert finding.hint or name == "memory limit", finding
    assert {f.verdict for f in found.values()} == {"fine"}, found


def test_limits_of_old_control_groups_are_read(made: Made) -> None:
    made.write("proc/self/cgroup", "4:memory:/process\n1:cpu,cpuacct:/\n0::/")
    made.write("sys/fs/cgroup/memory/process/memory.limit_in_bytes", "1048576")
    made.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1")
    found = made.findings()
    assert found["processor limit"].verdict == "fine"
    assert found["memory limit"].found == "1 MiB"
    made.write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "20000")
    # What says "none" by the largest number there is.
    made.write("sys/fs/cgroup/memory/process/memory.limit_in_bytes", "9223372036854771712")
    found = made.findings()
    assert found["processor limit"].verdict == "costs" and "memory limit" not in found


def test_an_empty_machine_is_unknown_and_no_failure(tmp_path: Path) -> None:
    def no_room(_: str) -> Any:
        raise FileNotFoundError

    found = doctor.examine(doctor.Machine(str(tmp_path), statvfs=no_room))
    verdicts = {finding.name: finding.verdict for finding in found}
    assert verdicts["clock source"] == verdicts["huge pages"] == "unknown"
    assert verdicts["idle states"] == verdicts["processor limit"] == "unknown"
    assert verdicts["/dev/shm"] == "costs" and verdicts["/dev/cpu_dma_latency"] == "note"


def test_files_of_nonsense_are_no_failure(made: Made) -> None:
    for path in GOOD:
        (made.root / path).write_bytes(b"\xff\xfe nonsense [\n")
    found = made.findings()
    assert found["frequency governor"].verdict == "costs"


@pytest.fixture
def tool(bindings: Path) -> Any:
    def start(*arguments: str) -> Any:
        environment = {**os.environ, "PYTHONPATH": str(bindings)}
        return run(sys.executable, "-W", "error", "-m", "shm_runtime", *arguments, env=environment)

    return start


def test_it_looks_at_this_machine(tool: Any) -> None:
    done = tool("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(
        " cost latency\n"
    ) and f"backend: {shm.BACKEND}" in done.stdout.replace("pure Python", "pure")
    done = tool("doctor", "--json")
    findings = json.loads(done.stdout)
    assert {"name", "verdict", "found", "why", "hint"} == set(findings[0])
    assert all(f["verdict"] in ("fine", "costs", "note", "unknown") for f in findings)


def test_the_package_lists_its_tools(tool: Any) -> None:
    for arguments in ((), ("--help",)):
        done = tool(*arguments)
        assert done.returncode == 0 and "  doctor " in done.stdout and "  bench " in done.stdout
    assert tool("--version").stdout.strip() == f"0.1.0, {shm.BACKEND}"
    assert "--json" in tool("doctor", "--help").stdout
    assert tool("physician").returncode == 2


def test_a_copy_beside_a_module_says_that_the_benchmark_is_not_in_it(tool: Any) -> None:
    done = tool("bench")
    assert done.returncode == 2 and "`bench` is not here" in done.stderr
    assert "hint: install the wheel" in done.stderr
