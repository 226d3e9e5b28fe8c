//! How often everything is done.

use clap::Args;

/// The long form's counts by default; `--short` is what `cargo xtask test`
/// runs, and any single one can be named.
#[derive(Args)]
pub(crate) struct Counts {
    /// Counts for every day: seconds instead of an hour.
    #[arg(long)]
    short: bool,
    /// How many times what is short.
    #[arg(skip = 1_u64)]
    times: u64,
    /// Reads of each writer by each reader.
    #[arg(long)]
    reads: Option<u64>,
    /// Writers killed.
    #[arg(long)]
    kills: Option<u64>,
    /// Writers stopped, and readers.
    #[arg(long)]
    stops: Option<u64>,
    /// Races for a name.
    #[arg(long)]
    rounds: Option<u64>,
    /// Files cut under a reader, and other mishaps.
    #[arg(long)]
    mishaps: Option<u64>,
    /// Hostile segments.
    #[arg(long)]
    cases: Option<u64>,
    /// Python processes that end badly.
    #[arg(long)]
    exits: Option<u64>,
    /// Where the random numbers begin.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

macro_rules! counts {
    ($($name:ident: $short:literal or $long:literal)*) => {
        impl Counts {$(
            pub(crate) fn $name(&self) -> u64 {
                self.$name.unwrap_or(if self.short { $short * self.times } else { $long })
            }
        )*}
    };
}

counts! {
    reads: 2_000 or 1_000_000
    kills: 60 or 10_000
    stops: 16 or 1_000
    rounds: 30 or 1_000
    mishaps: 4 or 1_000
    cases: 1_000 or 100_000
    exits: 10 or 1_000
}

impl Counts {
    /// So many times the counts that are enough to notice what is broken.
    pub(crate) fn for_broken(&self, times: u64) -> Self {
        Self {
            short: true,
            times,
            reads: Some(50_000 * times),
            kills: None,
            stops: None,
            rounds: None,
            mishaps: None,
            cases: None,
            exits: None,
            seed: self.seed,
        }
    }

    pub(crate) fn is_short(&self) -> bool {
        self.short
    }
}
