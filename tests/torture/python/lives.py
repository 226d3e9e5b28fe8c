"""What happens in the life of a Python process: ``lives.py PATH COUNT``.

Prints a line for each check with its count, then ``end``; fails at the first
check that does. Only the runtime's public face is used, so any backend will do.
"""

from __future__ import annotations

from children import forks, orphans, spawns
from ends import exits
from handles import forgets, threads, views
from life import still
from role import say
from updates import exceptions, interrupts

CHECKS = (exits, forks, orphans, spawns, views, forgets, threads, interrupts, exceptions)


def main() -> None:
    for check in CHECKS:
        say(check())
        still()
    say("end")


if __name__ == "__main__":
    main()
