//! Follows the feed: a live view, and a check of every record it reads.

#![allow(clippy::print_stdout)] // a program, not a library

use clap::Parser;
use market_example::market::{LEADER, QUOTES, Quote};
use market_example::{Names, check};
use shm_runtime::Snapshot;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

#[derive(Parser)]
#[command(about = "Shows market data from shared memory and checks every record")]
struct Arguments {
    /// Stop after so many seconds.
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// The segments are PREFIX.quotes and PREFIX.leader.
    #[arg(long, default_value = "market")]
    prefix: String,
    /// Wait so many seconds for the writer.
    #[arg(long, default_value_t = 10.0)]
    wait: f64,
    /// Rows to show.
    #[arg(long, default_value_t = 12)]
    rows: usize,
}

/// How often the view is drawn.
const FRAME: Duration = Duration::from_millis(250);

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let names = Names::new(&arguments.prefix);
    let wait = Duration::from_secs_f64(arguments.wait);
    let quotes = QUOTES
        .options_at(names.quotes.as_str())
        .wait(wait)
        .attach()?;
    let leader = LEADER
        .options_at(names.leader.as_str())
        .wait(wait)
        .attach()?;

    let mut tally = Tally::default();
    let began = Instant::now();
    let mut next_frame = began;
    while began.elapsed().as_secs_f64() < arguments.seconds {
        for row in 0..quotes.rows() {
            let before = Instant::now();
            let read = quotes.row(row).snapshot()?;
            tally.record(&read, row, before.elapsed());
        }
        if Instant::now() >= next_frame {
            next_frame += FRAME;
            let shown: Vec<Quote> = quotes
                .iter()
                .take(arguments.rows)
                .map(|row| row.read())
                .collect::<Result<_, _>>()?;
            draw(&shown, &leader.read()?, &tally, began.elapsed())?;
        }
    }
    Ok(tally.finish(quotes.writer_alive()))
}

/// What was seen so far.
#[derive(Default)]
struct Tally {
    reads: u64,
    retries: u64,
    torn: u64,
    first_problem: Option<String>,
    latencies_ns: Vec<u32>,
}

impl Tally {
    fn record(&mut self, read: &Snapshot<Quote>, row: u64, taken: Duration) {
        if read.version == 0 {
            return; // the writer has not come to this row yet
        }
        self.reads += 1;
        self.retries += u64::from(read.retries);
        self.latencies_ns
            .push(u32::try_from(taken.as_nanos()).unwrap_or(u32::MAX));
        if let Some(problem) = check::problem(&read.value, row) {
            self.torn += 1;
            self.first_problem
                .get_or_insert_with(|| format!("row {row}: {problem}"));
        }
    }

    /// Prints the closing lines; success only if every record was whole.
    fn finish(&mut self, writer_alive: bool) -> ExitCode {
        self.latencies_ns.sort_unstable();
        let at = |share: f64| {
            let last = self.latencies_ns.len().saturating_sub(1);
            self.latencies_ns
                .get((last as f64 * share) as usize)
                .copied()
                .unwrap_or(0)
        };
        println!("reads    {:>12}", self.reads);
        println!("retries  {:>12}", self.retries);
        println!("torn     {:>12}", self.torn);
        println!(
            "latency  p50 {} ns   p99 {} ns   p99.9 {} ns   max {} ns (timer included)",
            at(0.5),
            at(0.99),
            at(0.999),
            at(1.0)
        );
        println!("writer   {}", if writer_alive { "alive" } else { "gone" });
        if let Some(problem) = &self.first_problem {
            println!("first problem: {problem}");
        }
        if self.reads > 0 && self.torn == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

fn draw(quotes: &[Quote], leader: &Quote, tally: &Tally, at: Duration) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let seconds = at.as_secs_f64();
    if !out.is_terminal() {
        return writeln!(
            out,
            "{seconds:6.2} s  {:>9} reads  {:>4} retries  {} torn  leader {} {:.2}",
            tally.reads, tally.retries, tally.torn, leader.symbol, leader.last.px
        );
    }
    write!(out, "\x1b[H\x1b[2J")?;
    writeln!(
        out,
        "market data, {seconds:.1} s; leader {}\n",
        leader.symbol
    )?;
    writeln!(
        out,
        "symbol  phase        bid qty      bid      ask ask qty     last      volume"
    )?;
    for quote in quotes {
        let (bid, ask) = (&quote.bids[0], &quote.asks[0]);
        writeln!(
            out,
            "{:<6}  {:<11} {:>8} {:>8.2} {:>8.2} {:>7} {:>8.2} {:>11}",
            quote.symbol.to_string(),
            format!("{:?}", quote.phase),
            bid.qty,
            bid.px,
            ask.px,
            ask.qty,
            quote.last.px,
            quote.volume
        )?;
    }
    writeln!(
        out,
        "\n{} reads, {} retries, {} torn",
        tally.reads, tally.retries, tally.torn
    )
}
