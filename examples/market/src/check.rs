//! What must hold in every record of the feed, whoever wrote it.

use crate::market::{Phase, Quote, QuoteFlags};
use std::mem::offset_of;

/// CRC-32 (IEEE) of the record's bytes up to the checksum itself.
pub fn checksum(quote: &Quote) -> u64 {
    let bytes = shm_runtime::bytes_of(quote);
    u64::from(crc32fast::hash(&bytes[..offset_of!(Quote, checksum)]))
}

/// The first thing that is wrong with a record read from row `row`; `None`
/// when all holds.
pub fn problem(quote: &Quote, row: u64) -> Option<String> {
    let found = checksum(quote);
    if quote.checksum != found {
        return Some(format!(
            "checksum is {:#x}, its bytes give {found:#x}",
            quote.checksum
        ));
    }
    if u64::from(quote.instrument) != row {
        return Some(format!(
            "instrument {} stands in row {row}",
            quote.instrument
        ));
    }
    if quote.symbol != crate::model::symbol(quote.instrument) {
        return Some(format!("symbol is {}", quote.symbol));
    }
    if quote.exchange_time.0 + quote.latency.0 != quote.feed_time.0 {
        return Some("exchange_time + latency is not feed_time".into());
    }
    if quote.tradable != (quote.phase == Phase::Continuous) {
        return Some(format!(
            "tradable is {} in phase {:?}",
            quote.tradable, quote.phase
        ));
    }
    if !quote.bids.windows(2).all(|pair| pair[0].px > pair[1].px) {
        return Some("bids do not fall".into());
    }
    if !quote.asks.windows(2).all(|pair| pair[0].px < pair[1].px) {
        return Some("asks do not rise".into());
    }
    let crossed = quote.bids[0].px > quote.asks[0].px;
    if crossed != quote.flags.contains(QuoteFlags::Crossed) {
        return Some("the Crossed flag does not match the prices".into());
    }
    if quote.low_px > quote.open_px || quote.open_px > quote.high_px {
        return Some("the day's prices are not low <= open <= high".into());
    }
    None
}
