"""What the system refuses, and the way out that each error names."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import market
import pytest
from conftest import run

import shm_runtime as shm

SHARED = Path("/dev/shm")


@contextmanager
def limited(what: int, soft: int) -> Iterator[None]:
    """Runs the block with a lower limit of this process."""
    before = resource.getrlimit(what)
    resource.setrlimit(what, (soft, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(what, before)


def elsewhere(mounts: str, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs ``code`` where ``mounts`` were made, which nobody else sees."""
    probe = run("unshare", "-m", "sh", "-c", mounts) if os.geteuid() == 0 else None
    if probe is None or probe.returncode != 0:
        pytest.skip("cannot mount file systems of its own")
    program = f"import market, sys, shm_runtime as shm\n{code}"
    shell = f'{mounts} && exec "$@"'
    paths = {**os.environ, "PYTHONPATH": str(Path(market.__file__).parent)}
    return run(
        *("unshare", "-m", "sh", "-c", shell, "-", sys.executable, "-c", program, *arguments),
        env=paths,
    )


def test_a_limit_on_file_sizes_is_named(name: str) -> None:
    with limited(resource.RLIMIT_FSIZE, 600):
        with pytest.raises(shm.NoSpace, match=r"file too large; hint: raise .*`ulimit -f`"):
            market.quotes.create(name)
    assert not (SHARED / name).exists()


def test_a_limit_on_open_files_is_named(name: str) -> None:
    market.leader.create(name).close()
    free = os.dup(0)
    os.close(free)
    with limited(resource.RLIMIT_NOFILE, free):
        with pytest.raises(shm.SystemFailure, match=r"too many open files; hint: .*`ulimit -n`"):
            market.leader.attach(name)


def test_a_folder_is_no_segment_for_a_writer_either(name: str) -> None:
    (SHARED / name).mkdir()
    try:
        for use in (
            market.leader.attach,
            lambda name: market.leader.create(name, exist_ok=True),
            lambda name: market.leader.create(name, replace=True),
            shm.unlink,
        ):
            with pytest.raises(shm.NotASegment, match="it is not a regular file"):
                use(name)
    finally:
        (SHARED / name).rmdir()


def test_only_the_owner_may_remove_what_all_may_write(name: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to become somebody else")
    market.leader.create(name, mode=0o666).close()
    os.seteuid(65534)
    try:
        for use in (shm.unlink, lambda name: market.leader.create(name, replace=True)):
            with pytest.raises(shm.PermissionDenied, match="only the file's owner may"):
                use(name)
        assert market.leader.attach(name).version == 0
    finally:
        os.seteuid(0)


def test_a_read_only_mount_lets_readers_in_and_tells_writers() -> None:
    done = elsewhere(
        "mount -t tmpfs none /dev/shm",
        """
import subprocess
market.leader.create().close()
subprocess.run(["mount", "-o", "remount,ro", "/dev/shm"], check=True)
market.leader.attach().read()
for use in (
    lambda: market.leader.create("other"),
    lambda: market.leader.create(replace=True),
    lambda: shm.unlink("market.leader"),
):
    try:
        use()
    except shm.PermissionDenied as error:
        print(error)
""",
    )
    told = done.stdout.splitlines()
    assert len(told) == 3, done.stderr
    assert all("read-only file system; hint: mount it writable" in line for line in told)


def test_without_proc_the_error_names_it_and_nothing_is_lost(name: str) -> None:
    with market.leader.create(name) as leader:
        leader.write(volume=7)
    done = elsewhere(
        "mount -t tmpfs none /proc",
        """
name = sys.argv[1]
for use in (
    lambda: market.leader.attach(name),
    lambda: market.leader.create(name, exist_ok=True),
    lambda: market.leader.create(name, replace=True),
    lambda: market.leader.create(name + ".new"),
):
    try:
        use()
    except shm.SystemFailure as error:
        print(error)
""",
        name,
    )
    told = done.stdout.splitlines()
    assert len(told) == 4, done.stderr
    assert all("hint: mount /proc" in line for line in told)
    with market.leader.attach(name) as leader:
        assert leader.read().volume == 7
