//! The feed: writes a table of 1,000 instruments at a steady rate.

#![allow(clippy::print_stdout)] // a program, not a library

use clap::Parser;
use market_example::market::{INSTRUMENTS, LEADER, QUOTES, Side};
use market_example::{Names, model::Market};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[derive(Parser)]
#[command(about = "Writes market data into shared memory until it is stopped")]
struct Arguments {
    /// Records to write each second.
    #[arg(long, default_value_t = 10_000)]
    rate: u64,
    /// Stop after so many seconds; 0 runs until Ctrl-C.
    #[arg(long, default_value_t = 0.0)]
    seconds: f64,
    /// The segments are PREFIX.quotes and PREFIX.leader.
    #[arg(long, default_value = "market")]
    prefix: String,
    /// Of the market model: the same seed gives the same records.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Leave the segments behind, for the next writer to continue.
    #[arg(long)]
    keep: bool,
}

/// How long the writer sleeps between two bursts.
const BURST: Duration = Duration::from_millis(1);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = stop.send(());
    })?;

    let names = Names::new(&arguments.prefix);
    let mut quotes = QUOTES
        .options_at(names.quotes.as_str())
        .exist_ok(true)
        .create()?;
    let mut leader = LEADER
        .options_at(names.leader.as_str())
        .exist_ok(true)
        .create()?;
    let mut market = Market::new(INSTRUMENTS, arguments.seed);
    for row in 0..u64::from(INSTRUMENTS) {
        quotes.row_mut(row).write(market.step(row, now_ns()))?;
    }
    println!(
        "writing {INSTRUMENTS} instruments to {} at {} a second",
        names.quotes, arguments.rate
    );

    let began = Instant::now();
    let mut written = 0;
    loop {
        let elapsed = began.elapsed();
        if arguments.seconds > 0.0 && elapsed.as_secs_f64() >= arguments.seconds {
            break;
        }
        let due = (elapsed.as_secs_f64() * arguments.rate as f64) as u64;
        while written < due {
            let row = market.pick();
            let quote = market.step(row, now_ns());
            quotes.row_mut(row).write(quote)?;
            if quote.last.at == quote.feed_time && quote.last.side != Side::None {
                leader.write(quote)?;
            }
            written += 1;
        }
        match stopped.recv_timeout(BURST) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
        }
    }

    let seconds = began.elapsed().as_secs_f64();
    println!(
        "wrote {written} records in {seconds:.2} s, {:.0} a second",
        written as f64 / seconds
    );
    if !arguments.keep {
        quotes.unlink()?;
        leader.unlink()?;
    }
    Ok(())
}

fn now_ns() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as i64)
}
