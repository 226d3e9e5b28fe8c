//! Where a C compiler puts the members of a struct: what a person works out by
//! hand to write `size:` and `offset:` into a schema.
//!
//! Kept apart from the schema compiler on purpose, which refuses a schema whose
//! assertions are wrong: so this is held against it on every run.

/// A type's size and alignment, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) size: u64,
    pub(crate) align: u64,
}

/// Offsets of the members, and the struct's own extent.
pub(crate) fn place(members: &[Extent], pack: Option<u64>) -> (Vec<u64>, Extent) {
    let mut whole = Extent { size: 0, align: 1 };
    let mut offsets = Vec::with_capacity(members.len());
    for member in members {
        let align = member.align.min(pack.unwrap_or(u64::MAX));
        let offset = whole.size.next_multiple_of(align);
        offsets.push(offset);
        whole.size = offset + member.size;
        whole.align = whole.align.max(align);
    }
    whole.size = whole.size.next_multiple_of(whole.align);
    (offsets, whole)
}
