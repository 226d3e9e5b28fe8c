//! Whether a schema may take another one's place: what programs that were built
//! from the old one would misread.
//!
//! The rule: every byte that meant something goes on meaning it. A new field
//! lies in room that was kept free, and says since when it is there.

mod fields;
mod finding;
mod meaning;
mod pairs;
mod segments;
mod values;
mod verdict;
mod version;

pub use finding::{Finding, Place};
pub use verdict::{Judged, Verdict};

use crate::code::Code;
use crate::layout::Layout;

/// The codes that only a comparison of two schemas finds.
pub const CODES: &[Code] = &[
    Code::PackageRenamed,
    Code::VersionNotBumped,
    Code::TypeRemoved,
    Code::ReprChanged,
    Code::ValueRemoved,
    Code::ValueRenamed,
    Code::ValueRenumbered,
    Code::ValueReused,
    Code::StructResized,
    Code::FieldRemoved,
    Code::FieldRenamed,
    Code::FieldMoved,
    Code::FieldRetyped,
    Code::FieldInPadding,
    Code::FieldWithoutSince,
    Code::MeaningChanged,
    Code::SegmentRemoved,
    Code::SegmentChanged,
];

/// What has become of a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Evolution {
    /// All that is wrong with the step, file by file and by position in the
    /// new ones.
    pub findings: Vec<Finding>,
    /// One for each struct and each segment of the new schema and what it
    /// imports, in the layout's order; the structs first.
    pub verdicts: Vec<Judged>,
}

/// Compares a schema with the one it takes the place of.
///
/// # Examples
///
/// ```
/// use shm_schema::{compile, evolution::{self, Verdict}};
///
/// let old = b"{ shm: 1, package: p, structs: [{ name: S, size: 16, fields: [
///     { name: x, type: u64 }] }] }";
/// let new = b"{ shm: 1, package: p, version: 2, structs: [{ name: S, size: 16, fields: [
///     { name: x, type: u64 }, { name: y, type: u16, since: 2 }] }] }";
/// let (old, new) = (compile("old.yaml", old).unwrap(), compile("new.yaml", new).unwrap());
/// let evolution = evolution::compare(&old, &new);
/// assert!(evolution.findings.is_empty());
/// assert_eq!(evolution.verdicts[0].verdict, Some(Verdict::ReaderCompatible));
/// ```
pub fn compare(old: &Layout, new: &Layout) -> Evolution {
    let pairs = pairs::Pairs::new(old, new);
    let mut findings = finding::Findings::new(old, new);
    values::compare(&pairs, &mut findings);
    fields::compare(&pairs, &mut findings);
    segments::compare(&pairs, &mut findings);
    pairs.report_removed(&mut findings);
    // Last: whether anything is wrong is a sign of change as well.
    version::compare(&pairs, &mut findings);
    Evolution {
        verdicts: verdict::all(&pairs, &findings),
        findings: findings.sorted(),
    }
}
