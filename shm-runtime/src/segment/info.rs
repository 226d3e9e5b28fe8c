//! What a segment says of itself.

use std::path::Path;

use crate::fingerprint::Fingerprint;
use crate::order::Order;
use crate::process::Process;
use crate::segment::Segment;

/// What a segment says about itself, for messages and tools.
#[derive(Clone, Copy, Debug)]
pub struct SegmentInfo<'a> {
    segment: &'a Segment,
}

impl<'a> SegmentInfo<'a> {
    pub(crate) fn of(segment: &'a Segment) -> Self {
        Self { segment }
    }

    /// Its file.
    pub fn path(&self) -> &'a Path {
        &self.segment.file().path
    }

    /// Size of the whole segment in bytes.
    pub fn size_bytes(&self) -> u64 {
        self.segment.head().geometry.total_size
    }

    /// How many records there are; 1 in a cell.
    pub fn rows(&self) -> u64 {
        self.segment.rows()
    }

    /// How many copies of each record the latch uses in turn.
    pub fn copies(&self) -> u32 {
        self.segment.head().geometry.copies
    }

    /// How its records are arranged; a cell's order is [`Order::Rows`].
    pub fn order(&self) -> Order {
        Order::of(self.segment.head().geometry.order)
    }

    /// How many earlier segments of this name were replaced.
    pub fn generation(&self) -> u64 {
        self.segment.head().generation
    }

    /// Version of the schema; 0 when no schema is known.
    pub fn schema_version(&self) -> u32 {
        self.segment.head().schema_version
    }

    /// Fingerprint of the schema's text; zeros when no schema is known.
    pub fn schema_fingerprint(&self) -> Fingerprint {
        self.segment.head().schema_fingerprint
    }

    /// The process that made the segment.
    pub fn creator(&self) -> Process {
        self.segment.head().creator
    }

    /// When it was made, in nanoseconds since 1970 by the creator's clock.
    pub fn created_at_ns(&self) -> i64 {
        self.segment.head().created_at_ns
    }

    /// The process that writes now or wrote last.
    pub fn writer(&self) -> Process {
        self.segment.current_writer()
    }

    /// The text that describes its records; empty when it is damaged.
    pub fn descriptor(&self) -> String {
        self.segment.file().descriptor(self.segment.head())
    }
}
