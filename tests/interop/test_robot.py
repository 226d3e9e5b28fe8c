"""A program in Rust alone, and the Python that is generated from its source."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROGRAMS, ROOT, WATCHDOG_S, interop


@pytest.fixture(scope="module", autouse=True)
def robot(bindings: Path) -> None:
    """`robot.py` of `src/robot.rs`; no schema stands anywhere."""
    source = str(ROOT / "tests" / "interop" / "src" / "robot.rs")
    subprocess.run(
        [str(PROGRAMS / "shm-codegen"), "gen", source, "--python", str(bindings)],
        check=True,
        timeout=WATCHDOG_S,
    )
    assert str(bindings) in sys.path


def test_python_reads_what_the_rust_program_writes(prefix: str) -> None:
    import robot

    interop("robot-write", prefix)
    with robot.arm.attach(prefix) as arm:
        found = arm.read()
    assert found.label == "left"
    assert found.mode is robot.Mode.MOVING
    assert found.faults == robot.Faults.HOT | robot.Faults.STUCK
    assert list(found.joints) == [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert found.pose.at_raw == 1_700_000_000_123_456_789
    assert list(found.pose.turn[1]) == [-1.0, 0.25, 1e300]
    assert (found.pose.type, found.held) == (7, True)


def test_the_rust_program_reads_what_python_writes(prefix: str) -> None:
    import robot

    with robot.arm.create(prefix) as arm:
        with arm.update() as row:
            row.label = "left"
            row.mode = robot.Mode.MOVING
            row.faults = robot.Faults.HOT | robot.Faults.STUCK
            row.joints = [0.0, 0.5, 1.0, 1.5, 2.0, 2.5]
            row.held = True
            row.pose.at_raw = 1_700_000_000_123_456_789
            row.pose.turn[1][:] = [-1.0, 0.25, 1e300]
            row.pose.type = 7
        assert interop("robot-verify", prefix) == "equal\n"
        arm.write(held=False)
        with pytest.raises(AssertionError, match="held: false"):
            interop("robot-verify", prefix)


def test_names_sizes_and_docs_are_those_of_the_source(prefix: str) -> None:
    import robot

    assert (robot.JOINTS, robot.LABEL) == (6, 16)
    assert (robot.Arm.SIZE, robot.Pose.SIZE) == (192, 88)
    with robot.arms.create(prefix) as arms:
        assert len(arms) == 4
    assert (robot.Pose.__doc__ or "").startswith("Where an arm's hand is.")
