"""The feed: writes a table of 1,000 instruments at a steady rate."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "generated"))

import market
from model import Market

#: How long the writer sleeps between two bursts, in seconds.
BURST = 0.001


def main() -> int:
    arguments = parse()
    stopped = False

    def stop(*_: object) -> None:
        nonlocal stopped
        stopped = True

    # Not by KeyboardInterrupt: CPython 3.13 may raise it where a loop goes back,
    # which is in no `try` or `with` around it, and the segments would be left.
    # SIGINT too: a shell that starts a program in the background has it ignored.
    for sent in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sent, stop)
    names = (f"{arguments.prefix}.quotes", f"{arguments.prefix}.leader")
    with market.quotes.create(names[0], exist_ok=True) as quotes, market.leader.create(
        names[1], exist_ok=True
    ) as leader:
        feed = Market(market.INSTRUMENTS, arguments.seed)
        rows = [quotes[number] for number in range(len(feed))]
        for number, row in enumerate(rows):
            row.write(feed.step(number, time.time_ns()))
        print(f"writing {len(rows)} instruments to {names[0]} at {arguments.rate} a second", flush=True)
        began = time.monotonic()
        written = 0
        while not stopped:
            elapsed = time.monotonic() - began
            if 0 < arguments.seconds <= elapsed:
                break
            due = int(elapsed * arguments.rate)
            while written < due and not stopped:
                number = feed.pick()
                quote = feed.step(number, time.time_ns())
                rows[number].write(quote)
                if quote.last.at_raw == quote.feed_time_raw and quote.last.side_raw:
                    leader.write(quote)
                written += 1
            time.sleep(BURST)
        seconds = time.monotonic() - began
        print(f"wrote {written} records in {seconds:.2f} s, {written / seconds:.0f} a second")
        if not arguments.keep:
            quotes.unlink()
            leader.unlink()
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Writes market data into shared memory until it is stopped")
    parser.add_argument("--rate", type=int, default=10_000, help="records to write each second")
    parser.add_argument("--seconds", type=float, default=0.0, help="stop after so many seconds; 0 runs until Ctrl-C")
    parser.add_argument("--prefix", default="market", help="the segments are PREFIX.quotes and PREFIX.leader")
    parser.add_argument("--seed", type=int, default=1, help="of the market model")
    parser.add_argument("--keep", action="store_true", help="leave the segments behind for the next writer")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
