"""A market that anyone can replay: the same seed gives the same records.

The twin of ``src/model.rs``: whole numbers only, so that both compute the same
records to the bit; the times are the caller's.
"""

from __future__ import annotations

from zlib import crc32

import market

_MASK = (1 << 64) - 1
#: Steps of a scaled price in one cent: the schema counts in 1e-8 USD.
_CENT = 1_000_000
_CHECKSUM_AT = market.Quote.OFFSETS["checksum"]


def checksum(quote: market.Quote) -> int:
    """CRC-32 (IEEE) of the record's bytes up to the checksum itself."""
    return crc32(memoryview(quote).cast("B")[:_CHECKSUM_AT])


def symbol(number: int) -> str:
    """Three letters, a different three for each number below 17,576."""
    n = number * 7919 % 17_576
    return "".join(chr(ord("A") + n // 26**place % 26) for place in (2, 1, 0))


class Market:
    """All instruments and the order in which they move."""

    def __init__(self, count: int, seed: int) -> None:
        self.instruments = [_Instrument(number, seed) for number in range(count)]
        self._random = _Random(seed)

    def __len__(self) -> int:
        return len(self.instruments)

    def pick(self) -> int:
        """The number of the instrument that moves next."""
        return self._random.next() % len(self.instruments)

    def step(self, number: int, now_ns: int) -> market.Quote:
        """Moves one instrument and returns its new record."""
        return self.instruments[number].step(now_ns)


class _Random:
    """SplitMix64, as in ``src/model.rs``."""

    __slots__ = ("state",)

    def __init__(self, state: int) -> None:
        self.state = state

    def next(self) -> int:
        self.state = z = (self.state + 0x9E3779B97F4A7C15) & _MASK
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & _MASK
        z = (z ^ z >> 27) * 0x94D049BB133111EB & _MASK
        return z ^ z >> 31


class _Instrument:
    def __init__(self, number: int, seed: int) -> None:
        self._random = _Random(seed ^ number << 32)
        first = self._random.next()
        self._mid = 1_000 + first % 49_000
        self._turnover = 0
        px = self._mid * _CENT
        self.quote = market.Quote(
            symbol=symbol(number),
            isin=f"US{number:09}{number % 10}".encode(),
            instrument=number,
            lot_size=(1, 10, 100)[(first >> 32) % 3],
            open_px_raw=px,
            high_px_raw=px,
            low_px_raw=px,
            currency="USD",
            venue=number % 7,
        )
        self.quote.last.px = None

    def step(self, now_ns: int) -> market.Quote:
        r = self._random.next()
        quote = self.quote
        quote.tick = tick = quote.tick + 1
        self._mid = mid = max(self._mid + r % 7 - 3, 100)

        if tick % 512 < 8:
            quote.phase = market.Phase.AUCTION
            quote.flags = market.QuoteFlags.INDICATIVE | market.QuoteFlags.CROSSED
            # In an auction the best bid stands above the best ask.
            half_spread = -1
        elif r >> 56 == 0:
            quote.phase = market.Phase.HALTED
            quote.flags = market.QuoteFlags(0)
            half_spread = 1 + (r >> 8) % 3
        else:
            quote.phase = market.Phase.CONTINUOUS
            quote.flags = market.QuoteFlags.FIRM
            half_spread = 1 + (r >> 8) % 3
        quote.tradable = tradable = quote.phase_raw == market.Phase.CONTINUOUS

        bids, asks = quote.bids, quote.asks
        for k in range(market.DEPTH):
            away = half_spread + k
            _set_level(bids[k], mid - away, r >> (8 + 4 * k))
            _set_level(asks[k], mid + away, r >> (10 + 4 * k))
        if tradable and r & 3 == 0:
            self._trade(mid, half_spread, r, now_ns)
        quote.high_px_raw = max(quote.high_px_raw, mid * _CENT)
        quote.low_px_raw = min(quote.low_px_raw, mid * _CENT)
        quote.heat[(r >> 20) % 3][(tick >> 4) % 4] = (r >> 24) % 400 / 4.0

        latency = 20_000 + (r >> 44) % 80_000
        quote.latency_raw = latency
        quote.feed_time_raw = now_ns
        quote.exchange_time_raw = now_ns - latency
        quote.checksum = checksum(quote)
        return quote

    def _trade(self, mid: int, half_spread: int, r: int, now_ns: int) -> None:
        buyer = r >> 2 & 1 == 1
        cents = mid + half_spread if buyer else mid - half_spread
        qty = 1 + (r >> 3 & 31)
        last = self.quote.last
        last.at_raw = now_ns
        last.px = cents / 100.0
        last.qty = qty
        last.side = market.Side.BID if buyer else market.Side.ASK
        self.quote.volume += qty
        self._turnover += qty * self.quote.lot_size * cents
        self.quote.turnover = self._turnover / 100.0


def _set_level(level: market.Level, cents: int, r: int) -> None:
    qty = 1 + (r & 0xFF)
    level.px = cents / 100.0
    level.qty = qty
    level.orders = 1 + qty // 32
