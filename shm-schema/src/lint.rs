//! What is worth a look in a schema that is valid.
//!
//! Stricter than the warnings of a check, which come unasked: a program asks
//! for these, and may allow some of them.
//!
//! Nothing is said of fields that share a cache line in a segment of ours. One
//! writer publishes a record as a whole and readers only read, so that no two
//! processors fight for a line within a record; and slots are rounded up to
//! whole lines, so that no two records share one. What is left to lint are the
//! bytes by which a row needs one more line.

mod docs;
mod lines;
mod units;

use crate::code::Code;
use crate::diagnostic::Diagnostic;
use crate::layout::Layout;
use crate::report::Report;

/// The codes that only a lint finds, not a check.
pub const CODES: &[Code] = &[
    Code::MissingDoc,
    Code::MissingUnit,
    Code::RowOverrun,
    Code::SplitScalar,
];

/// Most places that one finding points at.
const MAX_SHOWN: usize = 5;

/// The warnings of the check, and the findings of a closer look, by position.
/// What imports have is theirs.
///
/// # Examples
///
/// ```
/// let text = b"{ shm: 1, package: p, doc: Places., structs: [
///     { name: S, doc: A place., fields: [{ name: x, type: f64, doc: To the east. }] }] }";
/// let layout = shm_schema::compile("p.yaml", text).unwrap();
/// let codes: Vec<_> = shm_schema::lint::look(&layout).iter().map(|d| d.code.as_str()).collect();
/// assert_eq!(codes, ["missing-unit"]);
/// ```
pub fn look(layout: &Layout) -> Report {
    let mut found: Vec<Diagnostic> = layout.warnings.iter().cloned().collect();
    docs::look(layout, &mut found);
    units::look(layout, &mut found);
    lines::look(layout, &mut found);
    Report::new(&layout.file, layout.warnings.text(), found)
}
