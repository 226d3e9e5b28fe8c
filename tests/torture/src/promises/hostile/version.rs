//! Segments of another version, whose descriptors are sound texts with the
//! right hash and layouts that fit, nearly fit, or make no sense.

use crate::noise::Noise;
use anyhow::{Context, Result};
use shm_runtime::Fingerprint;

use super::{HEADER, put};

/// Fields of `Motley` that came with its schema's last version.
const LATE: [&str; 2] = ["wide ", "answers "];

/// Records of more bytes are not made.
const LONGEST: u64 = 1 << 16;

/// A segment of another version of `Motley`, from the bytes of a sound one.
pub(super) fn mutated(sound: &[u8], noise: &mut Noise) -> Result<Vec<u8>> {
    let mut blocks = blocks(sound)?;
    evolve(&mut blocks, noise);
    for _ in 0..noise.below(3) {
        mutate(&mut blocks, noise);
    }
    let (text, record, size) = hashed(&blocks);
    // A header that says another size than the descriptor, now and then.
    let size = match noise.below(20) {
        0 => noise.below(200),
        _ => size.filter(|&size| size <= LONGEST).unwrap_or(64),
    };
    Ok(segment(sound, &text, record, size, noise))
}

/// The descriptor's blocks, each of lines.
fn blocks(sound: &[u8]) -> Result<Vec<Vec<String>>> {
    let size = sound
        .get(144..152)
        .context("a header")?
        .try_into()
        .map(u64::from_le_bytes)?;
    let text = sound.get(HEADER..HEADER + size as usize);
    let text = std::str::from_utf8(text.context("a descriptor")?)?;
    let blocks = text.trim_end().split("\n\n");
    Ok(blocks
        .map(|block| block.lines().map(str::to_owned).collect())
        .collect())
}

/// An honest step: fields that the version does not know, or one more.
fn evolve(blocks: &mut [Vec<String>], noise: &mut Noise) {
    let version = noise.pick(&["0", "1", "1", "1", "2", "3", "3", "4294967296"]);
    if let Some(line) = blocks[0].get_mut(1) {
        let mut words: Vec<&str> = line.split(' ').collect();
        words[2] = version;
        if noise.below(8) == 0 {
            words[1] = noise.pick(&["-", "other"]);
        }
        *line = words.join(" ");
    }
    let Some(record) = blocks.last_mut() else {
        return;
    };
    for late in LATE {
        if noise.below(2) == 0 {
            record.retain(|line| !line.starts_with(late));
        }
    }
    if noise.below(2) == 0 {
        let size = noise.pick(&[72, 80, 128]);
        record[1] = format!("struct Motley {size} 8");
        record.push("later u64 @64 +8".to_owned());
    }
}

/// One mishap in one line.
fn mutate(blocks: &mut [Vec<String>], noise: &mut Noise) {
    let at = noise.below(blocks.len() as u64) as usize;
    let block = &mut blocks[at];
    let at = noise.below(block.len() as u64) as usize;
    let other = noise.below(block.len() as u64) as usize;
    match noise.below(8) {
        0 => {
            block.remove(at);
            if block.is_empty() {
                block.push(String::new());
            }
        }
        1 => block.swap(at, other),
        2 => {
            let line = block[other].clone();
            block.insert(at, line);
        }
        // The name of another line.
        3 => {
            let name = block[other]
                .split(' ')
                .next()
                .unwrap_or_default()
                .to_owned();
            let rest = block[at].split_once(' ').map_or("", |(_, rest)| rest);
            block[at] = format!("{name} {rest}");
        }
        4 => block[at] = word(&block[at], noise),
        _ => block[at] = numbers(&block[at], noise),
    }
}

/// A line with another word in one place.
fn word(line: &str, noise: &mut Noise) -> String {
    let mut words: Vec<&str> = line.split(' ').collect();
    let at = noise.below(words.len() as u64) as usize;
    words[at] = noise.pick(&[
        "u8", "u64", "bool", "str:16", "struct", "enum", "[1]", "[2]", "[0]", "[9,9]", "+0", "@64",
        "Motley", "A=1", "", "\u{e9}", "\u{b2}", "\t",
    ]);
    words.join(" ")
}

/// A line with one of its numbers near what it was, or far off.
fn numbers(line: &str, noise: &mut Noise) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    // Not those of a fingerprint, which is made anew.
    let starts: Vec<usize> = line
        .match_indices(is_digit)
        .map(|(at, _)| at)
        .filter(|&at| at > 0 && b" @+=[,".contains(&line.as_bytes()[at - 1]))
        .filter(|&at| {
            let word = line[at..].split([' ', ']', ',']).next();
            word.is_none_or(|word| word.len() <= 20)
        })
        .collect();
    if starts.is_empty() {
        return line.to_owned();
    }
    let at = noise.pick(&starts);
    let end = line[at..]
        .find(|c| !is_digit(c))
        .map_or(line.len(), |n| at + n);
    let old: u64 = line[at..end].parse().unwrap_or_default();
    let far = noise.next() >> noise.below(64);
    let new = noise.pick(&[
        0,
        1,
        old.wrapping_add(1),
        old.wrapping_sub(1),
        old.wrapping_mul(2),
        old.wrapping_add(8),
        64,
        999_999_999_999_999_999,
        u64::MAX,
        far,
    ]);
    format!("{}{new}{}", &line[..at], &line[end..])
}

/// The text with every fingerprint right, that of the record, and its size if
/// it says one.
fn hashed(blocks: &[Vec<String>]) -> (String, Fingerprint, Option<u64>) {
    let mut texts: Vec<String> = Vec::new();
    let mut record = Fingerprint([0; 32]);
    for block in &blocks[1..] {
        let text = format!("{}\n", block.join("\n"));
        record = Fingerprint::of(text.as_bytes());
        texts.push(text);
    }
    // Types stand before those that hold them, so one pass makes all right.
    for at in 0..texts.len() {
        record = Fingerprint::of(texts[at].as_bytes());
        let head = texts[at].lines().nth(1).unwrap_or_default();
        let words: Vec<&str> = head.split(' ').collect();
        let [kind, name, ..] = words[..] else {
            continue;
        };
        let prefix = format!("{kind}:{name}:");
        for later in &mut texts[at + 1..] {
            if let Some(from) = later.find(&prefix) {
                let from = from + prefix.len();
                let end = later[from..].find(' ').map_or(later.len(), |n| from + n);
                later.replace_range(from..end, &record.to_string());
            }
        }
    }
    let size = texts.last().and_then(|text| {
        let head = text.lines().nth(1)?;
        head.split(' ').nth(2)?.parse().ok()
    });
    let mut head = blocks[0].clone();
    if let Some(line) = head.iter_mut().find(|line| line.starts_with("record "))
        && let Some((start, _)) = line.rsplit_once(' ')
    {
        *line = format!("{start} {record}");
    }
    let text = format!("{}\n\n{}", head.join("\n"), texts.join("\n"));
    (text, record, size)
}

/// The whole file: a cell whose record is noise.
fn segment(sound: &[u8], text: &str, record: Fingerprint, size: u64, noise: &mut Noise) -> Vec<u8> {
    let records = (HEADER + text.len()).next_multiple_of(64);
    let copy = size.next_multiple_of(8);
    let stride = (16 + 2 * copy).next_multiple_of(64);
    // The copies of a segment of whole lines begin on one, and so on.
    let first_copy = (copy & copy.wrapping_neg()).clamp(16, 64);
    let total = records as u64 + stride;
    let mut bytes = sound[..HEADER].to_vec();
    bytes.extend_from_slice(text.as_bytes());
    bytes.resize(records, 0);
    for (at, value) in [
        (24, size),
        (32, stride),
        (48, records as u64),
        (56, total),
        (144, text.len() as u64),
        (384, records as u64 + first_copy),
        (392, stride),
        (400, copy),
    ] {
        put(&mut bytes, at, &value.to_le_bytes());
    }
    put(&mut bytes, 64, &record.0);
    bytes.extend_from_slice(&2_u64.to_le_bytes());
    bytes.resize(total as usize, 0);
    noise.fill(&mut bytes[records + 8..]);
    bytes
}
