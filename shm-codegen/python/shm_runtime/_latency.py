"""A hold on how deeply idle processor cores sleep.

A core that has been idle comes back with cold caches. The kernel keeps cores
from sleeping deeper than any process that holds ``/dev/cpu_dma_latency`` open
has asked for; `low_latency` asks for no sleep at all.
"""

from __future__ import annotations

import errno
import os
import struct
import weakref
from pathlib import Path
from types import TracebackType
from typing import Callable, NamedTuple, final

DEVICE = "dev/cpu_dma_latency"
STATES = "sys/devices/system/cpu/cpu0/cpuidle"
#: More than the kernel can have (``CPUIDLE_STATE_MAX``).
_MOST_STATES = 16
_REQUEST = struct.pack("=i", 0)


class IdleState(NamedTuple):
    """A way for a core to be idle."""

    name: str
    #: Microseconds that the core takes to wake up.
    exit_us: int


@final
class LowLatency:
    """A request that idle cores stay awake, for as long as this is open.

    Use it in a ``with`` block, or call `close`. ``str`` of it says in sentences
    what could be done, what could not, and what to do about it.

    While it is held, *every* idle core runs a loop. That takes full power and
    slows down a neighbour on the same physical core.
    """

    __slots__ = ("__weakref__", "_fd", "is_virtual", "problem", "states")

    #: Why the request is not held; ``None`` when it is.
    problem: str | None
    #: The idle states that the kernel knows; those that take time to leave are
    #: kept out of while the request is held.
    states: tuple[IdleState, ...]
    #: Whether this is a virtual machine, whose host decides for itself.
    is_virtual: bool

    def __init__(self, root: str = "/") -> None:
        self._fd, self.problem = _ask(os.path.join(root, DEVICE))
        self.states = idle_states(root)
        self.is_virtual = is_virtual(root)
        _HELD.add(self)

    @property
    def held(self) -> bool:
        """Whether the kernel has the request now."""
        return self._fd >= 0

    def close(self) -> None:
        """Takes the request back."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)
            self.problem = "the request was taken back"

    def __str__(self) -> str:
        return "\n".join(self._sentences())

    def __repr__(self) -> str:
        return f"<{'held' if self.held else 'no'} request for awake cores>"

    def __enter__(self) -> LowLatency:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self, close: Callable[[int], None] = os.close) -> None:
        if self._fd >= 0:
            close(self._fd)

    def _sentences(self) -> list[str]:
        if self.problem is not None:
            return [self.problem]
        said = [f"idle cores stay awake: `/{DEVICE}` is held at 0 us"]
        kept_out = [f"`{name}` ({exit_us} us)" for name, exit_us in self.states if exit_us]
        if kept_out:
            said.append(f"states that are kept out of: {', '.join(kept_out)}")
        else:
            said.append(
                "the kernel lists no idle state that takes time to leave, so this may change "
                "nothing; hint: boot with `idle=poll`, or ask the host"
            )
        if self.is_virtual:
            said.append(
                "this is a virtual machine: its host may put the core to sleep all the same"
            )
        return said

    def _after_fork(self) -> None:
        # The child would hold its parent's request beyond the parent's end.
        if self.held:
            self.close()
            self.problem = "the request stayed with the parent process; hint: ask in the child"


def low_latency() -> LowLatency:
    """Asks the kernel to keep idle cores awake; never fails.

    Where it cannot be asked, in most containers and without the permission,
    the result says why::

        with shm_runtime.low_latency() as request:
            print(request)
            ...
    """
    return LowLatency()


def idle_states(root: str) -> tuple[IdleState, ...]:
    """What the first core can do when idle; nothing where the kernel does not say."""
    found = []
    for number in range(_MOST_STATES):
        folder = Path(root, STATES, f"state{number}")
        try:
            name = (folder / "name").read_text().strip()
            exit_us = int((folder / "latency").read_text())
        except (OSError, ValueError):
            break
        found.append(IdleState(name, exit_us))
    return tuple(found)


def is_virtual(root: str) -> bool:
    """Whether the processor says that a hypervisor runs it."""
    try:
        text = Path(root, "proc/cpuinfo").read_text()
    except (OSError, ValueError):
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return "hypervisor" in flags.split()


def _ask(path: str) -> tuple[int, str | None]:
    """A descriptor that holds the request; or -1, and why."""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except OSError as error:
        return -1, _refusal(error)
    try:
        os.write(fd, _REQUEST)
    except OSError as error:
        os.close(fd)
        return -1, _refusal(error)
    return fd, None


def _refusal(error: OSError) -> str:
    device = f"`/{DEVICE}`"
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENXIO, errno.ENODEV):
        return (
            f"idle cores may sleep: there is no {device}; hint: a container gets it by "
            "`--device /dev/cpu_dma_latency`, a kernel by CONFIG_CPU_IDLE"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"idle cores may sleep: no permission to write {device}; hint: run as root, or let "
            'root give the device to a group (udev: `KERNEL=="cpu_dma_latency", GROUP=..., '
            'MODE="0660"`)'
        )
    said = (error.strerror or str(error)).lower()
    return f"idle cores may sleep: cannot write {device}: {said}"


_HELD: weakref.WeakSet[LowLatency] = weakref.WeakSet()


def _after_fork() -> None:
    for request in list(_HELD):
        request._after_fork()


os.register_at_fork(after_in_child=_after_fork)
