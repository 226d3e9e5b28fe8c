//! Hostile bytes are an error or a valid value, and the same in both
//! languages: never a crash, a byte out of bounds or a loop without an end.

mod version;

use crate::actor::Actor;
use crate::counts::Counts;
use crate::noise::Noise;
use crate::place::Spelled;
use crate::stage::{Language, Stage};
use crate::torture::{MOTLEY, MOTLEYS, Motley};
use anyhow::{Context, Result, ensure};
use shm_runtime::SharedLayout;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Bytes of the header, and of those that are written once.
const HEADER: usize = 512;
/// Lengths of more than that are not tried.
const MORE: usize = 192;

pub(super) fn run(stage: &Stage, counts: &Counts) -> Result<Vec<String>> {
    let mut court = Court::new(stage)?;
    let mut lines = Vec::new();
    for shape in [Shape::Cell, Shape::Arrays] {
        court.shape = shape;
        lines.extend(in_shape(&mut court, counts)?);
    }
    Ok(lines)
}

/// What the hostile bytes were before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Cell,
    /// A table whose records lie in arrays.
    Arrays,
}

impl Shape {
    /// What the clerks call it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Cell => "cell",
            Self::Arrays => "table",
        }
    }
}

fn in_shape(court: &mut Court, counts: &Counts) -> Result<Vec<String>> {
    let whole = court.sound()?;
    let every = if counts.is_short() { 8 } else { 1 };
    let mut lines = Vec::new();
    for bit in (0..whole.len() * 8).filter(|bit| bit % every == bit / 8 % every) {
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        court.try_case(&bytes, &format!("bit {bit} flipped"))?;
    }
    lines.push(court.report("segments with one bit flipped"));

    for length in (0..whole.len() + MORE).step_by(every) {
        let mut bytes = whole.clone();
        bytes.resize(length, 0);
        court.try_case(&bytes, &format!("{length} bytes long"))?;
    }
    lines.push(court.report("segments of another length"));

    let mut noise = Noise::new(counts.seed);
    for case in 0..counts.cases() {
        let bytes = mutated(&whole, &mut noise)?;
        court.try_case(&bytes, &format!("case {case} of seed {}", counts.seed))?;
    }
    lines.push(court.report("segments of hostile bytes"));
    if court.shape == Shape::Arrays {
        // What a version is has nothing to do with where it lies.
        return Ok(lines);
    }

    for case in 0..counts.cases() {
        let bytes = version::mutated(&whole, &mut noise)?;
        let seed = counts.seed;
        court.try_case(&bytes, &format!("version {case} of seed {seed}"))?;
    }
    let read = court.verdicts.get("read").copied().unwrap_or_default();
    ensure!(
        (1..counts.cases()).contains(&read),
        "{read} segments of another version were read: too few or too many to mean anything"
    );
    lines.push(court.report("segments of another version"));
    Ok(lines)
}

/// A judge of each language, and what they said.
struct Court {
    path: PathBuf,
    place: Spelled,
    shape: Shape,
    judges: Vec<(Language, Actor)>,
    verdicts: BTreeMap<String, u64>,
}

impl Court {
    fn new(stage: &Stage) -> Result<Self> {
        let path = stage.path("hostile");
        let mut judges = Vec::new();
        for language in Language::BOTH {
            judges.push((language, stage.clerk(language)?));
        }
        Ok(Self {
            place: Spelled::path(&path),
            path,
            shape: Shape::Cell,
            judges,
            verdicts: BTreeMap::new(),
        })
    }

    /// A sound segment's bytes, a record written.
    fn sound(&self) -> Result<Vec<u8>> {
        match self.shape {
            Shape::Cell => {
                let mut writer = MOTLEY.options_at(&self.path).create()?;
                writer.write(&Motley::zeroed())?;
            }
            Shape::Arrays => {
                // In the place of the last case, which may be anything.
                fs::remove_file(&self.path)?;
                let mut writer = MOTLEYS.options_at(&self.path).create()?;
                writer.row_mut(1).write(&Motley::zeroed())?;
            }
        }
        Ok(fs::read(&self.path)?)
    }

    /// Both judge the same bytes; a judge that crashes or hangs is an error.
    fn try_case(&mut self, bytes: &[u8], case: &str) -> Result<()> {
        fs::write(&self.path, bytes)?;
        for (_, judge) in &mut self.judges {
            let (shape, place) = (self.shape.as_str(), self.place.as_str());
            judge.tell(&format!("judge {shape} {place}"))?;
        }
        let mut said = Vec::new();
        for (language, judge) in &mut self.judges {
            let line = judge
                .line()
                .with_context(|| format!("{case}: {language}"))?;
            said.push(line);
        }
        ensure!(
            said[0] == said[1],
            "{case}: rust says `{}`, python says `{}`",
            said[0],
            said[1]
        );
        let word = said[0].split(' ').next().unwrap_or_default();
        ensure!(
            WORDS.contains(&word),
            "{case}: an error that has no word: `{}`",
            said[0]
        );
        *self.verdicts.entry(word.to_owned()).or_default() += 1;
        Ok(())
    }

    /// What was said since the last report.
    fn report(&mut self, what: &str) -> String {
        let verdicts = std::mem::take(&mut self.verdicts);
        let cases: u64 = verdicts.values().sum();
        let each: Vec<String> = verdicts
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        let shape = match self.shape {
            Shape::Cell => "",
            Shape::Arrays => ", in arrays",
        };
        format!(
            "{cases} {what}{shape}: the same verdict in both languages ({}), 0 crashes, 0 hangs",
            each.join(", ")
        )
    }
}

/// The verdicts that there are.
const WORDS: &[&str] = &[
    "read",
    "retired",
    "not-found",
    "not-a-segment",
    "unknown-version",
    "layout-mismatch",
];

/// Offsets and sizes of the header's fields that an attach looks at.
const FIELDS: &[(usize, usize)] = &[
    (0, 8),
    (8, 4),
    (12, 4),
    (16, 4),
    (20, 4),
    (24, 8),
    (32, 8),
    (40, 8),
    (48, 8),
    (56, 8),
    (64, 32),
    (132, 4),
    (136, 8),
    (144, 8),
    (172, 4),
    (184, 4),
    (256, 8),
    (384, 8),
    (392, 8),
    (400, 8),
];

/// One to three mishaps in one segment.
fn mutated(whole: &[u8], noise: &mut Noise) -> Result<Vec<u8>> {
    let number = |at: usize| {
        let bytes = whole.get(at..at + 8).context("a header")?;
        anyhow::Ok(u64::from_le_bytes(bytes.try_into()?) as usize)
    };
    let (stride, rows, records) = (number(32)?, number(40)?, number(48)?);
    let mut bytes = whole.to_vec();
    for _ in 0..=noise.below(3) {
        let row = noise.below(rows as u64) as usize;
        mutate(&mut bytes, records, records + row * stride, noise);
    }
    Ok(bytes)
}

/// A mishap in a segment whose records begin at byte `records`, and one of
/// their heads at `head`.
fn mutate(bytes: &mut Vec<u8>, records: usize, head: usize, noise: &mut Noise) {
    match noise.below(10) {
        0 | 1 => field(bytes, noise),
        2 => fill(bytes, 0, HEADER, noise),
        // A header that looks like one.
        3 => fill(bytes, 16, HEADER, noise),
        // A descriptor of noise.
        4 => fill(bytes, HEADER, records, noise),
        5 => {
            // A sequence near something, or anything at all.
            let far = noise_word(noise);
            let sequence = noise.pick(&[0, 1, 2, 3, u64::MAX, 1 << 63, (1 << 63) - 1, far]);
            put(bytes, head, &sequence.to_le_bytes());
        }
        6 | 7 => fill(bytes, head + 16, usize::MAX, noise),
        8 => {
            let length = noise.below(bytes.len() as u64 + 200) as usize;
            bytes.resize(length, 0);
        }
        _ => {
            for _ in 0..=noise.below(8) {
                let at = noise.below(bytes.len().max(1) as u64) as usize;
                put(bytes, at, &[noise.next() as u8]);
            }
        }
    }
}

fn noise_word(noise: &mut Noise) -> u64 {
    noise.next() >> noise.below(64)
}

/// One field of the header, near what it was or far off.
fn field(bytes: &mut [u8], noise: &mut Noise) {
    let (at, size) = noise.pick(FIELDS);
    let mut old = [0; 8];
    for (to, from) in old.iter_mut().zip(bytes.iter().skip(at)) {
        *to = *from;
    }
    let old = u64::from_le_bytes(old);
    let value = match noise.below(8) {
        0 => 0,
        1 => 1,
        2 => u64::MAX,
        3 => old.wrapping_add(1),
        4 => old.wrapping_sub(1),
        5 => old.wrapping_mul(2),
        6 => 1 << noise.below(64),
        _ => noise_word(noise),
    };
    put(bytes, at, &value.to_le_bytes()[..size.min(8)]);
}

fn fill(bytes: &mut [u8], from: usize, to: usize, noise: &mut Noise) {
    let to = to.min(bytes.len());
    if let Some(run) = bytes.get_mut(from..to) {
        noise.fill(run);
    }
}

fn put(bytes: &mut [u8], at: usize, value: &[u8]) {
    for (to, from) in bytes.iter_mut().skip(at).zip(value) {
        *to = *from;
    }
}
