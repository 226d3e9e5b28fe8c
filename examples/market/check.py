"""What must hold in every record of the feed, whoever wrote it.

The twin of ``src/check.rs``.
"""

from __future__ import annotations

import market
from model import checksum, symbol

_CROSSED = int(market.QuoteFlags.CROSSED)


def problem(quote: market.Quote, row: int) -> str | None:
    """The first thing that is wrong with a record; ``None`` when all holds."""
    found = checksum(quote)
    if quote.checksum != found:
        return f"checksum is {quote.checksum:#x}, its bytes give {found:#x}"
    if quote.instrument != row:
        return f"instrument {quote.instrument} stands in row {row}"
    if quote.symbol != symbol(quote.instrument):
        return f"symbol is {quote.symbol}"
    if quote.exchange_time_raw + quote.latency_raw != quote.feed_time_raw:
        return "exchange_time + latency is not feed_time"
    if quote.tradable != (quote.phase_raw == market.Phase.CONTINUOUS):
        return f"tradable is {quote.tradable} in phase {quote.phase!r}"
    bids = [level.px for level in quote.bids]
    asks = [level.px for level in quote.asks]
    if any(better <= worse for better, worse in zip(bids, bids[1:])):
        return "bids do not fall"
    if any(better >= worse for better, worse in zip(asks, asks[1:])):
        return "asks do not rise"
    if (bids[0] > asks[0]) != bool(quote.flags_raw & _CROSSED):
        return "the Crossed flag does not match the prices"
    if not quote.low_px_raw <= quote.open_px_raw <= quote.high_px_raw:
        return "the day's prices are not low <= open <= high"
    return None
