//! From a seed to cases, and from a difference to the smallest schema that has
//! it.

use std::fmt;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::batch::Difference;
use crate::case::{Case, shown};
use crate::draft::{Draft, drafts};
use crate::schema;

/// Cases that are looked at together.
const BATCH: usize = 75;
/// A shrunk schema need not be the smallest there is; each try builds three
/// programs.
const TRIES: usize = 120;

/// A draw that can be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// Of a whole run.
    pub seed: u64,
    /// Within the run.
    pub index: u64,
}

impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.seed, self.index)
    }
}

/// A schema about which not all agree.
#[derive(Debug)]
pub struct Catch {
    /// What it was drawn as.
    pub draw: Draw,
    /// The shrunk schema and what was generated of it.
    pub shown: String,
    /// What is said of the shrunk one.
    pub said: String,
}

impl fmt::Display for Catch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { draw, shown, said } = self;
        write!(f, "{shown}\n{said}\ndrawn as {draw}, and shrunk")
    }
}

/// Looks at every draw, many at a time.
///
/// # Errors
///
/// The first schema, shrunk, about which not all agree.
pub fn hunt(
    draws: &[Draw],
    mut check: impl FnMut(&[&Case]) -> Vec<Difference>,
) -> Result<(), Box<Catch>> {
    for draws in draws.chunks(BATCH) {
        let cases = draws.iter().enumerate();
        let cases = cases.map(|(at, draw)| case(&draw.tree().current(), at));
        let cases: Vec<_> = cases.collect();
        if let Some(at) = cases.iter().position(Result::is_err) {
            return Err(Box::new(shrink(draws[at], &mut check)));
        }
        let cases: Vec<&Case> = cases.iter().flatten().collect();
        let differences = check(&cases);
        if !differences.is_empty() {
            let at = culprit(&cases, &differences, &mut check);
            return Err(Box::new(shrink(draws[at], &mut check)));
        }
    }
    Ok(())
}

impl Draw {
    fn tree(self) -> impl ValueTree<Value = Draft> {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&self.index.to_le_bytes());
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &key);
        let mut runner = TestRunner::new_with_rng(Config::default(), random);
        match drafts().new_tree(&mut runner) {
            Ok(tree) => tree,
            // Only a filter could, and there is none.
            Err(reason) => unreachable!("{reason}"),
        }
    }
}

/// The case of a draft, or its schema and why that was refused: a fault of
/// ours, as every draft's schema is valid.
fn case(draft: &Draft, at: usize) -> Result<Case, (String, String)> {
    let name = format!("c{at}");
    let sources = schema::sources(draft, &name);
    Case::new(sources.clone(), &name, draft.bytes).map_err(|said| (shown(&sources), said))
}

/// The case that a difference is about; halves the batch where it is not said.
fn culprit(
    cases: &[&Case],
    differences: &[Difference],
    check: &mut impl FnMut(&[&Case]) -> Vec<Difference>,
) -> usize {
    if let Some(at) = differences.iter().find_map(|d| d.case) {
        return at;
    }
    let (mut from, mut to) = (0, cases.len());
    while to - from > 1 {
        let middle = from.midpoint(to);
        let found = check(&cases[from..middle]);
        if let Some(at) = found.iter().find_map(|d| d.case) {
            return from + at;
        }
        match found.is_empty() {
            true => from = middle,
            false => to = middle,
        }
    }
    from
}

/// The smallest draft found that still has a difference. A difference that
/// does not come again is told of the whole one.
fn shrink(draw: Draw, check: &mut impl FnMut(&[&Case]) -> Vec<Difference>) -> Catch {
    let mut tree = draw.tree();
    let mut next = look(&tree.current(), draw, check);
    let mut caught = None;
    for _ in 0..TRIES {
        let differs = next.is_some();
        caught = next.or(caught);
        let goes_on = match differs {
            true => tree.simplify(),
            false => tree.complicate(),
        };
        if !goes_on {
            break;
        }
        next = look(&tree.current(), draw, check);
    }
    caught.unwrap_or_else(|| Catch {
        draw,
        shown: shown(&schema::sources(&draw.tree().current(), "c0")),
        said: "differs beside others, and not alone".to_owned(),
    })
}

fn look(
    draft: &Draft,
    draw: Draw,
    check: &mut impl FnMut(&[&Case]) -> Vec<Difference>,
) -> Option<Catch> {
    let (shown, said) = match case(draft, 0) {
        Err(refused) => refused,
        Ok(case) => {
            let said: Vec<String> = check(&[&case]).iter().map(ToString::to_string).collect();
            (case.shown(), said.join("\n"))
        }
    };
    (!said.is_empty()).then_some(Catch { draw, shown, said })
}
