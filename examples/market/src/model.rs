//! A market that anyone can replay: the same seed gives the same records.
//!
//! Whole numbers only, so that `model.py` computes the same records to the
//! bit; the times are the caller's.

use crate::market::{DEPTH, Level, Phase, Quote, QuoteFlags, Side, Trade};
use shm_runtime::{DurationNs, FixedBytes, FixedStr, TimestampNs};

/// Nanodollars of a scaled price in one cent: the schema counts in 1e-8 USD.
const CENT: i64 = 1_000_000;

/// All instruments and the order in which they move.
pub struct Market {
    instruments: Vec<Instrument>,
    random: Random,
}

impl Market {
    /// `count` instruments that have not moved yet.
    pub fn new(count: u32, seed: u64) -> Self {
        Self {
            instruments: (0..count)
                .map(|number| Instrument::new(number, seed))
                .collect(),
            random: Random(seed),
        }
    }

    /// The number of the instrument that moves next.
    pub fn pick(&mut self) -> u64 {
        self.random.next() % self.instruments.len() as u64
    }

    /// Moves one instrument and returns its new record. `now_ns` is since the
    /// Unix epoch.
    pub fn step(&mut self, number: u64, now_ns: i64) -> &Quote {
        self.instruments[number as usize].step(now_ns)
    }
}

struct Instrument {
    quote: Quote,
    random: Random,
    mid_cents: i64,
    turnover_cents: u64,
}

impl Instrument {
    fn new(number: u32, seed: u64) -> Self {
        let mut random = Random(seed ^ (u64::from(number) << 32));
        let first = random.next();
        let mid_cents = 1_000 + (first % 49_000) as i64;
        let px = mid_cents * CENT;
        let quote = Quote {
            symbol: symbol(number),
            isin: isin(number),
            instrument: number,
            lot_size: [1, 10, 100][(first >> 32) as usize % 3],
            last: Trade {
                px: f64::NAN,
                ..Trade::default()
            },
            open_px: px,
            high_px: px,
            low_px: px,
            currency: FixedStr::new("USD").unwrap_or_default(),
            venue: (number % 7) as u16,
            ..Quote::default()
        };
        Self {
            quote,
            random,
            mid_cents,
            turnover_cents: 0,
        }
    }

    fn step(&mut self, now_ns: i64) -> &Quote {
        let r = self.random.next();
        let quote = &mut self.quote;
        quote.tick += 1;
        self.mid_cents = (self.mid_cents + (r % 7) as i64 - 3).max(100);

        quote.phase = match (quote.tick % 512, r >> 56) {
            (0..8, _) => Phase::Auction,
            (_, 0) => Phase::Halted,
            _ => Phase::Continuous,
        };
        quote.tradable = quote.phase == Phase::Continuous;
        quote.flags = match quote.phase {
            Phase::Auction => QuoteFlags::Indicative | QuoteFlags::Crossed,
            Phase::Continuous => QuoteFlags::Firm,
            _ => QuoteFlags::empty(),
        };
        // In an auction the best bid stands above the best ask.
        let half_spread = match quote.phase {
            Phase::Auction => -1,
            _ => 1 + (r >> 8) as i64 % 3,
        };
        for k in 0..DEPTH as usize {
            let away = half_spread + k as i64;
            quote.bids[k] = level(self.mid_cents - away, r >> (8 + 4 * k));
            quote.asks[k] = level(self.mid_cents + away, r >> (10 + 4 * k));
        }
        if quote.tradable && r & 3 == 0 {
            self.turnover_cents += trade(quote, self.mid_cents, half_spread, r, now_ns);
            quote.turnover = self.turnover_cents as f64 / 100.0;
        }
        let mid_px = self.mid_cents * CENT;
        quote.high_px = quote.high_px.max(mid_px);
        quote.low_px = quote.low_px.min(mid_px);
        quote.heat[(r >> 20) as usize % 3][(quote.tick >> 4) as usize % 4] =
            ((r >> 24) % 400) as f32 / 4.0;

        let latency_ns = 20_000 + ((r >> 44) % 80_000) as i64;
        quote.latency = DurationNs(latency_ns);
        quote.feed_time = TimestampNs(now_ns);
        quote.exchange_time = TimestampNs(now_ns - latency_ns);
        quote.checksum = crate::check::checksum(quote);
        quote
    }
}

fn level(cents: i64, r: u64) -> Level {
    let qty = 1 + (r & 0xff) as u32;
    Level {
        px: cents as f64 / 100.0,
        qty,
        orders: 1 + qty / 32,
    }
}

/// Matches one order and returns what it was worth in cents.
fn trade(quote: &mut Quote, mid_cents: i64, half_spread: i64, r: u64, now_ns: i64) -> u64 {
    let buyer = r >> 2 & 1 == 1;
    let cents = if buyer {
        mid_cents + half_spread
    } else {
        mid_cents - half_spread
    };
    let qty = 1 + (r >> 3 & 31) as u32;
    quote.last = Trade {
        at: TimestampNs(now_ns),
        px: cents as f64 / 100.0,
        qty,
        side: if buyer { Side::Bid } else { Side::Ask },
        ..Trade::default()
    };
    quote.volume += u64::from(qty);
    u64::from(qty) * u64::from(quote.lot_size) * cents.unsigned_abs()
}

/// Three letters, a different three for each number below 17,576.
pub fn symbol(number: u32) -> FixedStr<16> {
    let mut n = number * 7919 % 17_576;
    let mut letters = [b'A'; 3];
    for letter in letters.iter_mut().rev() {
        *letter += (n % 26) as u8;
        n /= 26;
    }
    std::str::from_utf8(&letters)
        .ok()
        .and_then(|s| FixedStr::new(s).ok())
        .unwrap_or_default()
}

fn isin(number: u32) -> FixedBytes<12> {
    let text = format!("US{number:09}{}", number % 10);
    let mut bytes = [0; 12];
    bytes.copy_from_slice(&text.as_bytes()[..12]);
    FixedBytes(bytes)
}

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", 2014): six lines, and the same in any language.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
}
