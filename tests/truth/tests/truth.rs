//! One layout everywhere: random schemas, and what rustc, gcc, ctypes and
//! numpy make of them.

use std::collections::hash_map::RandomState;
use std::env;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::io::Write as _;
use std::path::Path;

use shm_truth::{Catch, Draw, Languages, Places, check, hunt};

/// Schemas of the everyday run; `SHM_TRUTH_CASES` says otherwise.
const CASES: u64 = 300;

/// Draws that once failed: a seed and an index a line.
const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/regressions.txt");

fn places(test: &str) -> Places {
    Places::new(Path::new(env!("CARGO_TARGET_TMPDIR")), test).unwrap()
}

#[test]
#[allow(clippy::print_stdout)] // the count and the seed belong into the log
fn every_language_agrees_on_random_schemas() {
    let number = |name: &str| {
        let text = env::var(name).ok()?;
        Some(
            text.parse()
                .unwrap_or_else(|_| panic!("`{name}` is no number: `{text}`")),
        )
    };
    let count = number("SHM_TRUTH_CASES").unwrap_or(CASES);
    let seed =
        number("SHM_TRUTH_SEED").unwrap_or_else(|| RandomState::new().build_hasher().finish());
    println!("{count} schemas, SHM_TRUTH_SEED={seed}");
    let mut draws = regressions();
    draws.extend((0..count).map(|index| Draw { seed, index }));
    let (places, languages) = (places("random"), Languages::at_hand());
    if let Err(catch) = hunt(&draws, |cases| check(cases, &places, languages)) {
        remember(&catch);
        panic!("{catch}");
    }
}

fn regressions() -> Vec<Draw> {
    let text = fs::read_to_string(REGRESSIONS).unwrap_or_default();
    let draws = text.lines().filter(|line| !line.starts_with('#'));
    draws
        .map(|line| {
            let mut numbers = line.split(' ').map(|word| word.parse().unwrap());
            Draw {
                seed: numbers.next().unwrap(),
                index: numbers.next().unwrap(),
            }
        })
        .collect()
}

fn remember(catch: &Catch) {
    if !regressions().contains(&catch.draw) {
        let file = fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(REGRESSIONS);
        writeln!(file.unwrap(), "{}", catch.draw).unwrap();
    }
}
