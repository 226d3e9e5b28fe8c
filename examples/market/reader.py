"""Follows the feed: a live view, and a check of every record it reads."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "generated"))

import market
from check import problem

#: How often the view is drawn, in seconds.
FRAME = 0.25


class Tally:
    """What was seen so far."""

    def __init__(self) -> None:
        self.reads = 0
        self.torn = 0
        self.first_problem: str | None = None
        self.latencies_ns: list[int] = []

    def record(self, quote: market.Quote, row: int, taken_ns: int) -> None:
        if quote.tick == 0:  # the writer has not come to this row yet
            return
        self.reads += 1
        self.latencies_ns.append(taken_ns)
        found = problem(quote, row)
        if found is not None:
            self.torn += 1
            self.first_problem = self.first_problem or f"row {row}: {found}"

    def finish(self, retries: int, writer_alive: bool) -> int:
        """Prints the closing lines; 0 only if every record was whole."""
        latencies = sorted(self.latencies_ns) or [0]

        def at(share: float) -> int:
            return latencies[int((len(latencies) - 1) * share)]

        print(f"reads    {self.reads:>12}")
        print(f"retries  {retries:>12}")
        print(f"torn     {self.torn:>12}")
        print(
            f"latency  p50 {at(0.5)} ns   p99 {at(0.99)} ns   p99.9 {at(0.999)} ns   "
            f"max {at(1.0)} ns (timer included)"
        )
        print(f"writer   {'alive' if writer_alive else 'gone'}")
        if self.first_problem:
            print(f"first problem: {self.first_problem}")
        return 0 if self.reads and not self.torn else 1


def main() -> int:
    arguments = parse()
    names = (f"{arguments.prefix}.quotes", f"{arguments.prefix}.leader")
    tally = Tally()
    with market.quotes.attach(names[0], wait=arguments.wait) as quotes, market.leader.attach(
        names[1], wait=arguments.wait
    ) as leader:
        snapshots = [row.snapshot() for row in quotes]
        clock = time.perf_counter_ns
        began = time.monotonic()
        next_frame = began
        while time.monotonic() - began < arguments.seconds:
            for number, snapshot in enumerate(snapshots):
                before = clock()
                snapshot.refresh()
                taken = clock() - before
                tally.record(snapshot, number, taken)
                if time.monotonic() >= next_frame:
                    next_frame += FRAME
                    shown = [quotes[row].read() for row in range(min(arguments.rows, len(quotes)))]
                    draw(shown, leader.read(), tally, quotes.retries, time.monotonic() - began)
        return tally.finish(quotes.retries, quotes.writer_alive)


def draw(quotes: list[market.Quote], leader: market.Quote, tally: Tally, retries: int, seconds: float) -> None:
    counts = f"{tally.reads:>9} reads  {retries:>4} retries  {tally.torn} torn"
    if not sys.stdout.isatty():
        print(f"{seconds:6.2f} s  {counts}  leader {leader.symbol} {price(leader)}", flush=True)
        return
    lines = [
        f"\x1b[H\x1b[2Jmarket data, {seconds:.1f} s; leader {leader.symbol}",
        "",
        "symbol  phase        bid qty      bid      ask ask qty     last      volume",
    ]
    for quote in quotes:
        bid, ask = quote.bids[0], quote.asks[0]
        lines.append(
            f"{quote.symbol:<6}  {quote.phase.name:<11} {bid.qty:>8} {bid.px:>8.2f} {ask.px:>8.2f} "
            f"{ask.qty:>7} {price(quote):>8} {quote.volume:>11}"
        )
    lines += ["", counts]
    print("\n".join(lines), flush=True)


def price(quote: market.Quote) -> str:
    """Of the last trade, if there was one."""
    return "-" if quote.last.px is None else f"{quote.last.px:.2f}"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Shows market data from shared memory and checks every record")
    parser.add_argument("--seconds", type=float, default=5.0, help="stop after so many seconds")
    parser.add_argument("--prefix", default="market", help="the segments are PREFIX.quotes and PREFIX.leader")
    parser.add_argument("--wait", type=float, default=10.0, help="wait so many seconds for the writer")
    parser.add_argument("--rows", type=int, default=12, help="rows to show")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
