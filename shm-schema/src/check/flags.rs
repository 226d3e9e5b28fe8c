//! Flags: named bits of an unsigned integer.

use std::collections::HashMap;

use super::context::{Context, text};
use super::enums;
use crate::code::Code;
use crate::fingerprint::Fingerprint;
use crate::layout::{FlagBit, FlagsLayout, Home, Scalar};
use crate::model::{At, Bit, Flags};
use crate::name::Name;
use crate::position::Position;
use crate::text;

/// One for each of `list`, in its order; one with an error stands for its
/// size only.
pub(super) fn resolve(cx: &mut Context<'_>, list: &[At<Flags>]) -> Vec<FlagsLayout> {
    list.iter().map(|f| one(cx, f)).collect()
}

fn one(cx: &mut Context<'_>, f: &At<Flags>) -> FlagsLayout {
    let repr = enums::repr(cx, &f.repr, true).unwrap_or(Scalar::U64);
    if f.bits.is_empty() && !cx.is_suspect(f) {
        let message = format!("flags `{}` have no bits", f.name.value);
        let d = cx
            .error(Code::EmptyType, &f.name, message)
            .help("add `bits: [{ name: ..., bit: 0 }]`");
        cx.push(d);
    }
    let mut resolved = FlagsLayout {
        home: Home::Own,
        name: Name::new(f.name.as_str()),
        repr,
        bits: bits(cx, f, repr),
        doc: text(&f.doc),
        at: cx.at(&f.name),
        fingerprint: Fingerprint::of(""),
        text: String::new(),
    };
    resolved.text = text::of_flags(&resolved);
    resolved.fingerprint = Fingerprint::of(&resolved.text);
    resolved
}

fn bits(cx: &mut Context<'_>, f: &At<Flags>, repr: Scalar) -> Vec<FlagBit> {
    let mut first: HashMap<u32, Position> = HashMap::new();
    let mut bits = Vec::with_capacity(f.bits.len());
    for bit in &f.bits {
        let Some(number) = in_width(cx, bit, repr) else {
            continue;
        };
        if let Some(&before) = first.get(&number) {
            let d = cx
                .error(
                    Code::DuplicateBit,
                    &bit.bit,
                    format!("bit {number} has a name already"),
                )
                .other(before, "named here")
                .help("give each name its own bit");
            cx.push(d);
        }
        first.entry(number).or_insert(cx.at(&bit.bit));
        bits.push(FlagBit {
            name: Name::new(bit.name.as_str()),
            bit: number,
            doc: text(&bit.doc),
            at: cx.at(&bit.name),
        });
    }
    bits
}

fn in_width(cx: &mut Context<'_>, bit: &At<Bit>, repr: Scalar) -> Option<u32> {
    let number = cx.natural(&bit.bit, "bit")?;
    let width = repr.size() * 8;
    match u32::try_from(number) {
        Ok(number) if u64::from(number) < width => Some(number),
        _ => {
            let message = format!("`{}` has no bit {number}", repr.name());
            let d = cx
                .error(Code::BitOutOfRange, &bit.bit, message)
                .label(format!("its bits are 0 to {}", width - 1))
                .help("bits are counted from 0, the least significant; a wider `repr` has more");
            cx.push(d);
            None
        }
    }
}
