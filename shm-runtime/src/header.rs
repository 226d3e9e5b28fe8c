//! What stands at byte 0 of a segment, as `schemas/segment_header.yaml` says.

/// What the records of a segment are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct SegmentKind(pub(crate) u32);

#[allow(non_upper_case_globals)] // spelled as the schema spells its enums
impl SegmentKind {
    /// One record.
    pub(crate) const Cell: Self = Self(1);
    /// Numbered records of one type.
    pub(crate) const Table: Self = Self(2);
}

/// What stands at byte 0 of a segment.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct SegmentHeader {
    /// The bytes 89 53 48 4D 53 45 47 0A: `\x89SHMSEG\n`.
    pub(crate) magic: [u8; 8],
    /// Version of this header; 1.
    pub(crate) abi: u32,
    /// Of this struct, in bytes.
    pub(crate) header_size: u32,
    /// Cell or table.
    pub(crate) kind: SegmentKind,
    /// Copies of each record that the latch takes in turn.
    pub(crate) copies: u32,
    /// Of one record as the schema lays it out, in bytes.
    pub(crate) record_size: u64,
    /// From one record's sequence word to the next one's; a multiple of 64.
    pub(crate) stride: u64,
    /// Records in the segment; 1 for a cell.
    pub(crate) rows: u64,
    /// Of the first record's sequence word; a multiple of 64.
    pub(crate) records_offset: u64,
    /// Of the whole segment and so of its file, in bytes.
    pub(crate) total_size: u64,
    /// SHA-256 of the record's canonical text.
    pub(crate) record_fingerprint: [u8; 32],
    /// SHA-256 of the schema's canonical text; zeros when no schema is known.
    pub(crate) schema_fingerprint: [u8; 32],
    /// The schema's own version; 0 when no schema is known.
    pub(crate) schema_version: u32,
    /// How records are read and written; 1 is the latch.
    pub(crate) protocol: u32,
    /// Of the descriptor text, in bytes.
    pub(crate) descriptor_offset: u64,
    /// Of the descriptor text, in bytes.
    pub(crate) descriptor_size: u64,
    /// When the segment was made.
    pub(crate) created_at: i64,
    /// When the creator started, in clock ticks since boot.
    pub(crate) creator_start: u64,
    /// Who made the segment.
    pub(crate) creator_pid: u32,
    /// The clockid_t of every record's stamp.
    pub(crate) clock_id: u32,
    /// How many segments stood under this name before; counted by replace.
    pub(crate) generation: u64,
    /// Room for what is written once.
    pub(crate) constant_room: [u8; 8],
    /// Who writes now or wrote last.
    pub(crate) writer_pid: u64,
    /// When that process started, in clock ticks since boot.
    pub(crate) writer_start: u64,
    /// Room for what a writer says of itself.
    pub(crate) writer_room: [u8; 48],
    /// Not 0 once the segment was unlinked or replaced.
    pub(crate) retired: u64,
    /// Room on the line.
    pub(crate) retired_room: [u8; 56],
    /// Room for a wait word.
    pub(crate) wait_room: [u8; 64],
    _pad0: [u8; 128],
}

const _: () = assert!(
    size_of::<SegmentHeader>() == 512,
    "a segment header has 512 bytes"
);
